package io.drivebay.sim.qtest;

import io.drivebay.backend.context.Clock;
import io.drivebay.sim.pc.Board;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets clients drive a machine by the qtest protocol over a socket, one at a time. Their commands are carried out in the
 * machine's context; a thread of the server's own waits for clients, and for a client that is silent.
 */
public final class QtestServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QtestServer.class);

    private final Board machine;
    private final MachineClock machineClock;
    private final Clock realTime;
    private final QtestLog log;
    private @Nullable ServerSocketChannel listening;
    private @Nullable SocketAddress address;
    private @Nullable Thread thread;
    private @Nullable QtestSession session;
    private boolean closed;

    /**
     * A server for a machine.
     *
     * @param machineClock what clock commands move
     * @param realTime by which the server decides how long to look for the next command before it sleeps
     */
    public QtestServer(final Board machine, final MachineClock machineClock, final Clock realTime, final QtestLog log) {
        this.machine = machine;
        this.machineClock = machineClock;
        this.realTime = realTime;
        this.log = log;
    }

    /** Connects to a client that listens, and serves it. */
    public void connect(final SocketAddress client) throws IOException {
        final SocketChannel socket = client instanceof UnixDomainSocketAddress
                ? SocketChannel.open(StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        try {
            socket.connect(client);
            serveOne(socket);
        } catch (final IOException e) {
            socket.close();
            throw e;
        }
    }

    /** Serves a client that is connected already; the socket is closed at the end. */
    public void serveOne(final SocketChannel client) {
        start(() -> serve(client));
    }

    /** Listens, and serves one client after the other. Returns where it listens. */
    public SocketAddress listen(final SocketAddress where) throws IOException {
        final ServerSocketChannel server = where instanceof UnixDomainSocketAddress
                ? ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                : ServerSocketChannel.open();
        try {
            server.bind(where);
        } catch (final IOException e) {
            server.close();
            throw e;
        }
        final SocketAddress bound = server.getLocalAddress();
        listening = server;
        address = bound;
        start(() -> serveAll(server));
        return bound;
    }

    private void start(final Runnable task) {
        final Thread started = new Thread(task, "drivebay-qtest");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    private void serveAll(final ServerSocketChannel server) {
        try {
            while (server.isOpen()) {
                serve(server.accept());
            }
        } catch (final IOException e) {
            LOG.debug("no more clients", e);
        }
    }

    private void serve(final SocketChannel socket) {
        try (socket) {
            if (socket.getRemoteAddress() instanceof InetSocketAddress) {
                socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            socket.configureBlocking(false);
            final QtestSession begun = new QtestSession(socket, machine, machineClock, realTime, log);
            if (open(begun)) {
                new Doorman(socket, begun).serve();
            }
        } catch (final IOException e) {
            LOG.debug("a client is gone", e);
        }
    }

    private synchronized boolean open(final QtestSession begun) {
        session = begun;
        return !closed;
    }

    /** Ends the session and the listening; waits for the thread. Comes before the end of the machine's context. */
    @Override
    public void close() throws IOException {
        final QtestSession last;
        synchronized (this) {
            closed = true;
            last = session;
        }
        if (listening != null) {
            listening.close();
        }
        if (last != null) {
            machineClock.context().run(last::end);
        }
        if (thread != null) {
            awaitEnd(thread);
        }
        if (address instanceof UnixDomainSocketAddress path) {
            Files.deleteIfExists(path.getPath());
        }
    }

    private static void awaitEnd(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
