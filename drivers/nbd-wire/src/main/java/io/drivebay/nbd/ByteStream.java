package io.drivebay.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A connection that never blocks: the bytes of a socket, as they are or through TLS. One thread at a time. */
public interface ByteStream extends AutoCloseable {
    /**
     * Reads what is there into a buffer.
     *
     * @return how many bytes; 0 when there are none now; -1 after the last one
     */
    int read(ByteBuffer target) throws IOException;

    /**
     * Takes bytes from buffers [from, from + count), as many as go now; their positions move.
     *
     * @return how many bytes were taken
     */
    long write(ByteBuffer[] sources, int from, int count) throws IOException;

    /** Passes on what the stream itself holds back of what it took; true when nothing is left. */
    boolean flush() throws IOException;

    /** True when a read would return bytes that have left the socket already. */
    boolean holdsInput();

    /** True while the stream itself holds back something that it took. */
    boolean holdsOutput();

    /** The socket, to be watched. */
    SocketChannel channel();

    /** Closes the socket at once; never blocks, and never fails. */
    @Override
    void close();
}
