package io.drivebay.sim.qtest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** Bytes on their way to a channel that may not take them at once. One thread only. */
final class SendBuffer {
    /** The most that may be put while there {@link #hasRoom}, in bytes. */
    static final int ROOM = 1 << 16;

    private final ByteBuffer bytes = ByteBuffer.allocateDirect(2 * ROOM);

    void put(final int character) {
        bytes.put((byte) character);
    }

    boolean hasRoom() {
        return bytes.position() <= ROOM;
    }

    boolean isEmpty() {
        return bytes.position() == 0;
    }

    /** Hands over what the channel takes now; true when it took anything. */
    boolean sendTo(final WritableByteChannel channel) throws IOException {
        if (isEmpty()) {
            return false;
        }
        bytes.flip();
        try {
            return channel.write(bytes) > 0;
        } finally {
            bytes.compact();
        }
    }
}
