package io.drivebay.exports.nbd;

import io.drivebay.backend.context.Clock;
import io.drivebay.exports.OffenceLog;
import io.drivebay.nbd.SocketAddresses;
import io.drivebay.nbd.SocketLoop;
import java.io.IOException;
import java.net.BindException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets clients in: listens, counts, and sees to it that they get through the handshake in time.
 *
 * <p>While the server is full nobody is accepted, and those who dawdle in the handshake have one second left.
 */
final class Reception implements Negotiation.Outcome {
    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);
    private static final long PRESSED_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int ACCEPTS_PER_TURN = 64;

    private final SocketLoop loop;
    private final Clock clock;
    private final NbdServerOptions options;
    private final ExportDirectory directory;
    private final OffenceLog offences;
    private final AtomicLong arrivals = new AtomicLong();

    /* The loop's. */
    private final List<Listener> listeners = new ArrayList<>();
    private final Set<Negotiation> negotiating = new LinkedHashSet<>();
    private int present;
    private int entered;
    private boolean closed;
    private Runnable deserted = () -> {};

    /** A listening socket. */
    private record Listener(ServerSocketChannel channel, SocketAddress address, SocketLoop.Watch watch) {}

    Reception(final Clock clock, final NbdServerOptions options, final ExportDirectory directory, final OffenceLog log)
            throws IOException {
        this.clock = clock;
        this.options = options;
        this.directory = directory;
        this.offences = log;
        this.loop = new SocketLoop("nbd", clock);
        loop.timer(this::checkDeadlines);
        loop.start();
    }

    // ---- any thread ----

    /** Listens; returns the address with the port that was found if none was given. */
    SocketAddress listen(final SocketAddress address) throws IOException {
        final ServerSocketChannel channel = bind(address);
        final SocketAddress bound = channel.getLocalAddress();
        loop.execute(() -> add(channel, bound));
        return bound;
    }

    /** A socket file that nobody answers on is left over from a server that is gone, and is replaced. */
    private static ServerSocketChannel bind(final SocketAddress address) throws IOException {
        try {
            return SocketAddresses.listen(address);
        } catch (final BindException e) {
            if (address instanceof UnixDomainSocketAddress unix
                    && Files.exists(unix.getPath())
                    && !Files.isRegularFile(unix.getPath())
                    && !answers(unix)) {
                Files.delete(unix.getPath());
                return SocketAddresses.listen(address);
            }
            throw e;
        }
    }

    private static boolean answers(final UnixDomainSocketAddress address) {
        try (SocketChannel probe = SocketAddresses.open(address)) {
            return probe.connect(address);
        } catch (final IOException e) {
            return false;
        }
    }

    /** Sets what is done when the last client that had entered an export leaves. */
    void whenDeserted(final Runnable action) {
        loop.execute(() -> deserted = action);
    }

    /** Stops listening and hangs up on all that have not entered yet. Returns once done. */
    void close() {
        final CompletableFuture<Void> done = new CompletableFuture<>();
        loop.execute(() -> {
            closed = true;
            listeners.forEach(Reception::close);
            listeners.clear();
            List.copyOf(negotiating).forEach(client -> client.close("the server shuts down"));
            done.complete(null);
        });
        done.join();
    }

    /** Ends the loop, after all connections. */
    void end() {
        loop.close();
    }

    // ---- the loop ----

    private void add(final ServerSocketChannel channel, final SocketAddress address) {
        try {
            final int index = listeners.size();
            listeners.add(new Listener(channel, address, loop.watch(channel, () -> accept(index))));
            armListeners();
        } catch (final IOException e) {
            LOG.error("Cannot listen on {}", SocketAddresses.describe(address), e);
        }
    }

    private static void close(final Listener listener) {
        try {
            listener.channel.close();
            if (listener.address instanceof UnixDomainSocketAddress unix) {
                Files.deleteIfExists(unix.getPath());
            }
        } catch (final IOException e) {
            LOG.warn("Closing the NBD listener {} failed", SocketAddresses.describe(listener.address), e);
        }
    }

    private void armListeners() {
        if (!closed && present < options.maxConnections()) {
            listeners.forEach(listener -> listener.watch.arm(SelectionKey.OP_ACCEPT));
        }
        setTimer();
    }

    private void accept(final int index) {
        if (closed) {
            return;
        }
        try {
            for (int i = 0; i < ACCEPTS_PER_TURN && present < options.maxConnections(); i++) {
                final SocketChannel channel = listeners.get(index).channel.accept();
                if (channel == null) {
                    break;
                }
                greet(channel);
            }
            armListeners();
        } catch (final IOException e) {
            LOG.error("Accepting NBD clients failed; trying again in a second", e);
            loop.timerAt(clock.nanoTime() + PRESSED_NS);
        }
    }

    private void greet(final SocketChannel channel) throws IOException {
        final long number = arrivals.incrementAndGet();
        try {
            channel.configureBlocking(false);
            SocketAddresses.tune(channel);
            final SocketAddress remote = channel.getRemoteAddress();
            final String from = remote instanceof UnixDomainSocketAddress ? "unix" : SocketAddresses.describe(remote);
            final Negotiation client = new Negotiation(
                    channel,
                    from + "#" + number,
                    this,
                    loop,
                    new Negotiation.Terms(directory, options.tls(), clock.nanoTime()));
            present++;
            negotiating.add(client);
            client.begin();
        } catch (final IOException e) {
            channel.close();
            LOG.debug("A client left before it was greeted", e);
        }
    }

    @Override
    public void entered(
            final Negotiation client, final NbdExport export, final Session session, final ByteBuffer input) {
        negotiating.remove(client);
        entered++;
        final Runnable closedAction = () -> loop.execute(this::connectionClosed);
        try {
            export.admit(new NbdConnection(client, export, session, loop, options, closedAction), input);
        } catch (final IOException e) {
            client.stream().close();
            connectionClosed();
        }
        setTimer();
    }

    private void connectionClosed() {
        present--;
        entered--;
        armListeners();
        if (entered == 0) {
            deserted.run();
        }
    }

    @Override
    public void gone(final Negotiation client, final @Nullable String reason) {
        negotiating.remove(client);
        present--;
        if (reason != null) {
            offences.disconnected(client.peer(), reason);
        }
        armListeners();
    }

    private long allowedNs() {
        final long timeoutNs = options.handshakeTimeout().toNanos();
        return present < options.maxConnections() ? timeoutNs : Math.min(PRESSED_NS, timeoutNs);
    }

    private void setTimer() {
        final Iterator<Negotiation> oldest = negotiating.iterator();
        loop.timerAt(oldest.hasNext() ? oldest.next().beganNs() + allowedNs() : Long.MAX_VALUE);
    }

    private void checkDeadlines() {
        final long nowNs = clock.nanoTime();
        for (final Negotiation client : List.copyOf(negotiating)) {
            if (nowNs - client.beganNs() >= allowedNs()) {
                client.close("the handshake took longer than " + TimeUnit.NANOSECONDS.toMillis(allowedNs()) + " ms");
            }
        }
        armListeners();
    }
}
