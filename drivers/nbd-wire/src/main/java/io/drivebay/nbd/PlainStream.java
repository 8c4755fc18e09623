package io.drivebay.nbd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The bytes of a socket as they are. Allocates nothing. */
public final class PlainStream implements ByteStream {
    private static final Logger LOG = LoggerFactory.getLogger(PlainStream.class);

    private final SocketChannel channel;

    /** A stream over a channel that does not block. */
    public PlainStream(final SocketChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read(final ByteBuffer target) throws IOException {
        return channel.read(target);
    }

    @Override
    public long write(final ByteBuffer[] sources, final int from, final int count) throws IOException {
        return count == 1 ? channel.write(sources[from]) : channel.write(sources, from, count);
    }

    @Override
    public boolean flush() {
        return true;
    }

    @Override
    public boolean holdsInput() {
        return false;
    }

    @Override
    public boolean holdsOutput() {
        return false;
    }

    @Override
    public SocketChannel channel() {
        return channel;
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    static void closeQuietly(final SocketChannel channel) {
        try {
            channel.close();
        } catch (final IOException e) {
            LOG.debug("Closing a socket failed", e);
        }
    }
}
