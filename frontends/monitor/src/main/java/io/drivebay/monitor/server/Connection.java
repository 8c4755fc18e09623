package io.drivebay.monitor.server;

import io.drivebay.monitor.Monitor;
import io.drivebay.monitor.protocol.Session;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of a monitor on a pair of channels. A thread of its own reads and carries commands out, another writes, so
 * that a client which does not read holds up nobody but itself.
 */
public final class Connection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int READ_BYTES = 16 << 10;

    private final Monitor monitor;
    private final ReadableByteChannel in;
    private final WritableByteChannel out;
    private final Runnable afterwards;
    private final OutputQueue queue = new OutputQueue(this::cutOff);
    private final Thread reader;
    private final Thread writer;

    private Connection(
            final Monitor monitor,
            final ReadableByteChannel in,
            final WritableByteChannel out,
            final String name,
            final Runnable afterwards) {
        this.monitor = monitor;
        this.in = in;
        this.out = out;
        this.afterwards = afterwards;
        this.reader = thread("drivebay-monitor-" + name, this::serve);
        this.writer = thread("drivebay-monitor-" + name + "-out", this::write);
    }

    private static Thread thread(final String name, final Runnable body) {
        final Thread thread = new Thread(body, name);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Serves a client on two channels, which are closed at the end; reading must be blocking.
     *
     * @param name of the threads
     */
    public static Connection over(
            final Monitor monitor, final ReadableByteChannel in, final WritableByteChannel out, final String name) {
        return start(monitor, in, out, name, () -> {});
    }

    /**
     * Connects to a client that listens, such as one that has started this process.
     *
     * @throws IOException when nobody listens
     */
    public static Connection to(final Monitor monitor, final SocketAddress address) throws IOException {
        final SocketChannel channel = SocketChannel.open(address);
        return start(monitor, channel, channel, "client", () -> {});
    }

    static Connection start(
            final Monitor monitor,
            final ReadableByteChannel in,
            final WritableByteChannel out,
            final String name,
            final Runnable afterwards) {
        final Connection connection = new Connection(monitor, in, out, name, afterwards);
        connection.writer.start();
        connection.reader.start();
        return connection;
    }

    private void serve() {
        final Session session = monitor.connect(queue);
        try {
            read(session);
            queue.finish();
            writer.join();
        } catch (final IOException e) {
            LOG.debug("a monitor's client has gone", e);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            monitor.disconnect(session);
            cutOff();
            afterwards.run();
            if (queue.left() > 0) {
                LOG.warn("a monitor's client did not read: {} events were left out", queue.left());
            }
        }
    }

    private void read(final Session session) throws IOException {
        final byte[] bytes = new byte[READ_BYTES];
        final ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (in.read(buffer) >= 0) {
            session.receive(bytes, 0, buffer.position());
            buffer.clear();
        }
    }

    private void write() {
        try {
            for (byte[] line = queue.next(); line != null; line = queue.next()) {
                final ByteBuffer buffer = ByteBuffer.wrap(line);
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                queue.written();
            }
        } catch (final IOException e) {
            LOG.debug("a monitor's client cannot be written to", e);
            cutOff();
        }
    }

    /** Ends everything at once; closing itself, which may wait for a writer, is left to a thread of its own. */
    private void cutOff() {
        queue.end();
        thread("drivebay-monitor-end", () -> {
                    close(in);
                    close(out);
                })
                .start();
    }

    private static void close(final Channel channel) {
        try {
            channel.close();
        } catch (final IOException e) {
            LOG.debug("a monitor's channel cannot be closed", e);
        }
    }

    boolean ended() {
        return !reader.isAlive();
    }

    /** Waits until the client has gone. */
    public void await() throws InterruptedException {
        reader.join();
    }

    /** Ends the connection. */
    @Override
    public void close() {
        cutOff();
    }
}
