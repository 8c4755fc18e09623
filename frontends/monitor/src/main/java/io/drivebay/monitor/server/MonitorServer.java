package io.drivebay.monitor.server;

import io.drivebay.monitor.Monitor;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Listens for clients of a monitor: {@link #MAX_CLIENTS} at a time, others wait until one has gone. */
public final class MonitorServer implements AutoCloseable {
    /** So many clients are served at a time. */
    public static final int MAX_CLIENTS = 8;

    private static final Logger LOG = LoggerFactory.getLogger(MonitorServer.class);

    private final Monitor monitor;
    private final ServerSocketChannel listening;
    private final SocketAddress address;
    private final Semaphore places = new Semaphore(MAX_CLIENTS);
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private MonitorServer(final Monitor monitor, final ServerSocketChannel listening) throws IOException {
        this.monitor = monitor;
        this.listening = listening;
        this.address = listening.getLocalAddress();
    }

    /**
     * Listens on a Unix or TCP address. A socket that an earlier process has left at a Unix path is replaced.
     *
     * @throws IOException when the address cannot be had
     */
    public static MonitorServer listen(final Monitor monitor, final SocketAddress address) throws IOException {
        final ServerSocketChannel channel;
        if (address instanceof UnixDomainSocketAddress unix) {
            removeSocket(unix.getPath());
            channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        } else {
            channel = ServerSocketChannel.open();
        }
        try {
            channel.bind(address);
            final MonitorServer server = new MonitorServer(monitor, channel);
            final Thread thread = new Thread(server::accept, "drivebay-monitor-accept");
            thread.setDaemon(true);
            thread.start();
            return server;
        } catch (final IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void removeSocket(final Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                && Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .isOther()) {
            Files.delete(path);
        }
    }

    /** Where it listens: for TCP with the port that it got. */
    public SocketAddress address() {
        return address;
    }

    private void accept() {
        try {
            while (!closed) {
                places.acquire();
                serve(listening.accept());
            }
        } catch (final IOException e) {
            if (!closed) {
                LOG.error("the monitor at {} takes no more clients", address, e);
            }
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(final SocketChannel channel) {
        connections.removeIf(Connection::ended);
        connections.add(Connection.start(monitor, channel, channel, "client", places::release));
        if (closed) {
            connections.forEach(Connection::close);
        }
    }

    /** Listens no more, and ends all connections. */
    @Override
    public void close() throws IOException {
        closed = true;
        listening.close();
        places.release();
        connections.forEach(Connection::close);
        if (address instanceof UnixDomainSocketAddress unix) {
            Files.deleteIfExists(unix.getPath());
        }
    }
}
