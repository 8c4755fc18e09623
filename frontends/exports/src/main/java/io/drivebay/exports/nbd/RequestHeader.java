package io.drivebay.exports.nbd;

import io.drivebay.nbd.Transmission;
import java.nio.ByteBuffer;

/** One request as it came off the wire, with nothing believed yet. Reused. */
final class RequestHeader {
    int command;
    int flags;
    long cookie;
    long offset;
    /** As sent: negative for what is 2^63 and more. */
    long length;

    /** How long a header is. */
    static int bytes(final Session session) {
        return session.extended() ? Transmission.EXTENDED_REQUEST_BYTES : Transmission.REQUEST_BYTES;
    }

    /** Reads the header at a buffer's position, without moving it. */
    void read(final ByteBuffer input, final Session session) throws ProtocolException {
        final int at = input.position();
        final int magic = input.getInt(at);
        final int expected = session.extended() ? Transmission.EXTENDED_REQUEST_MAGIC : Transmission.REQUEST_MAGIC;
        if (magic != expected) {
            throw new ProtocolException("sent a request with magic number 0x" + Integer.toHexString(magic)
                    + " instead of 0x" + Integer.toHexString(expected));
        }
        flags = Short.toUnsignedInt(input.getShort(at + 4));
        command = Short.toUnsignedInt(input.getShort(at + 6));
        cookie = input.getLong(at + 8);
        offset = input.getLong(at + 16);
        length = session.extended() ? input.getLong(at + 24) : Integer.toUnsignedLong(input.getInt(at + 24));
    }

    /** Takes another's values. */
    void copy(final RequestHeader other) {
        command = other.command;
        flags = other.flags;
        cookie = other.cookie;
        offset = other.offset;
        length = other.length;
    }

    boolean has(final int flag) {
        return (flags & flag) != 0;
    }

    /** How many bytes follow the header. */
    long payloadBytes(final Session session) throws ProtocolException {
        final boolean follows =
                command == Transmission.CMD_WRITE || (session.extended() && has(Transmission.CMD_FLAG_PAYLOAD_LEN));
        if (!follows) {
            return 0;
        }
        if (length < 0 || length > Transmission.MAX_PAYLOAD) {
            throw new ProtocolException("sent command " + command + " with " + Long.toUnsignedString(length)
                    + " bytes of payload; at most " + Transmission.MAX_PAYLOAD + " are taken");
        }
        return length;
    }
}
