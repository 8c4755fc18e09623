package io.drivebay.exports.nbd;

import io.drivebay.nbd.ByteStream;
import io.drivebay.nbd.Handshake;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** What the server has to say during a handshake, until the socket has taken it. */
final class OptionReplies {
    private static final int INITIAL_BYTES = 512;

    private final ByteBuffer[] out = {ByteBuffer.allocate(INITIAL_BYTES).limit(0)};

    /** Appends raw bytes. */
    void raw(final ByteBuffer bytes) {
        final ByteBuffer waiting = out[0];
        final ByteBuffer target;
        if (waiting.capacity() - waiting.remaining() >= bytes.remaining()) {
            target = waiting.compact();
        } else {
            target = ByteBuffer.allocate(2 * (waiting.remaining() + bytes.remaining()))
                    .put(waiting);
        }
        out[0] = target.put(bytes).flip();
    }

    /** A reply without data. */
    void reply(final int option, final int type) {
        reply(option, type, ByteBuffer.allocate(0));
    }

    /** A refusal and the reason in words. */
    void refuse(final int option, final int type, final String reason) {
        reply(option, type, ByteBuffer.wrap(reason.getBytes(StandardCharsets.UTF_8)));
    }

    /** A reply with data. */
    void reply(final int option, final int type, final ByteBuffer data) {
        raw(ByteBuffer.allocate(Handshake.REPLY_BYTES + data.remaining())
                .putLong(Handshake.REPLY_MAGIC)
                .putInt(option)
                .putInt(type)
                .putInt(data.remaining())
                .put(data)
                .flip());
    }

    /** Gives the socket what it takes; true when nothing is left. */
    boolean flush(final ByteStream stream) throws IOException {
        if (out[0].hasRemaining()) {
            stream.write(out, 0, 1);
        }
        return stream.flush() && !out[0].hasRemaining();
    }
}
