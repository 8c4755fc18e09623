package io.drivebay.exports.nbd;

import io.drivebay.nbd.Handshake;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Reads the data of one option; whatever does not fit is a {@link Malformed} one. */
final class OptionData {
    /** The data is not what the option asks for. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        private final String reason;

        Malformed(final String reason) {
            super(reason);
            this.reason = reason;
        }

        String reason() {
            return reason;
        }
    }

    private final ByteBuffer data;

    /** Data between a buffer's position and limit. */
    OptionData(final ByteBuffer data) {
        this.data = data;
    }

    int int16() throws Malformed {
        need(Short.BYTES);
        return Short.toUnsignedInt(data.getShort());
    }

    /** A number of 32 bits that must be small enough to be an int. */
    int int32() throws Malformed {
        need(Integer.BYTES);
        final int value = data.getInt();
        if (value < 0) {
            throw new Malformed("number " + Integer.toUnsignedString(value) + " is too large");
        }
        return value;
    }

    /** A length and so many bytes of UTF-8. */
    String string() throws Malformed {
        return string(int32());
    }

    /** So many bytes of UTF-8. */
    String string(final int bytes) throws Malformed {
        if (bytes > Handshake.MAX_STRING) {
            throw new Malformed("string of " + bytes + " bytes is longer than " + Handshake.MAX_STRING);
        }
        need(bytes);
        final ByteBuffer part = data.slice(data.position(), bytes);
        data.position(data.position() + bytes);
        try {
            final String text = StandardCharsets.UTF_8.newDecoder().decode(part).toString();
            if (text.indexOf('\0') >= 0) {
                throw new Malformed("string with a NUL in it");
            }
            return text;
        } catch (final CharacterCodingException e) {
            throw new Malformed("string is no UTF-8");
        }
    }

    int remaining() {
        return data.remaining();
    }

    /** Refuses data behind what has been read. */
    void end() throws Malformed {
        if (data.hasRemaining()) {
            throw new Malformed(data.remaining() + " bytes too many");
        }
    }

    private void need(final int bytes) throws Malformed {
        if (data.remaining() < bytes) {
            throw new Malformed("data ends " + (bytes - data.remaining()) + " bytes too early");
        }
    }
}
