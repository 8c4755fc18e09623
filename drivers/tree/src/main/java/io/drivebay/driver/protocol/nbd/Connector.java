package io.drivebay.driver.protocol.nbd;

import io.drivebay.backend.context.Clock;
import io.drivebay.nbd.PatientStream;
import io.drivebay.nbd.SocketAddresses;
import io.drivebay.nbd.SocketLoop;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects, and tries again until it works or is told to stop. Runs in the node's loop, which may block for it. */
final class Connector {
    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);
    private static final long ATTEMPT_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long LONGEST_PAUSE_NS = TimeUnit.SECONDS.toNanos(8);

    /** Where an attempt leads. */
    interface Outcome {
        /** There is a connection; an exception is as good as a failed attempt. In the loop. */
        void connected(NbdLink link) throws IOException;

        /** The time is over. In the loop. */
        void gaveUp(IOException lastFailure);
    }

    private final SocketLoop loop;
    private final Clock clock;
    private final NbdTarget target;
    /* A server that lets in and hangs up at once must not be asked all the time. */
    private long earliestNs;
    private volatile @Nullable SocketChannel connecting;
    private volatile boolean stopped;

    Connector(final SocketLoop loop, final Clock clock, final NbdTarget target) {
        this.loop = loop;
        this.clock = clock;
        this.target = target;
        this.earliestNs = clock.nanoTime();
    }

    /** Begins to try. Any thread; not while it is trying already. */
    void connect(final long giveUpNs, final Outcome outcome) {
        loop.execute(() -> attemptAt(earliestNs, giveUpNs, FIRST_PAUSE_NS, outcome));
    }

    /** Stops trying, at once. Any thread. */
    void stop() {
        stopped = true;
        final SocketChannel channel = connecting;
        if (channel != null) {
            close(channel);
        }
    }

    private void attemptAt(final long startNs, final long giveUpNs, final long pauseNs, final Outcome outcome) {
        loop.timer(() -> attempt(giveUpNs, pauseNs, outcome));
        loop.timerAt(startNs);
    }

    private void attempt(final long giveUpNs, final long pauseNs, final Outcome outcome) {
        if (stopped) {
            return;
        }
        try {
            final NbdLink link = connectOnce();
            earliestNs = clock.nanoTime() + FIRST_PAUSE_NS;
            try {
                outcome.connected(link);
            } catch (final IOException e) {
                link.stream().close();
                throw e;
            }
        } catch (final IOException e) {
            final long nowNs = clock.nanoTime();
            if (stopped || (giveUpNs != Long.MAX_VALUE && nowNs - giveUpNs >= 0)) {
                outcome.gaveUp(e);
                return;
            }
            LOG.debug("No connection to {}: {}", target.describe(), e.toString());
            attemptAt(nowNs + pauseNs, giveUpNs, Math.min(LONGEST_PAUSE_NS, 2 * pauseNs), outcome);
        }
    }

    @SuppressWarnings("IllegalCatch") // somebody waits for the outcome, whatever a server or the JDK's TLS is up to
    private NbdLink connectOnce() throws IOException {
        final SocketAddress address = target.resolve();
        final SocketChannel channel = SocketAddresses.open(address);
        connecting = channel;
        boolean done = false;
        try (PatientStream io = PatientStream.connect(channel, address, clock, clock.nanoTime() + ATTEMPT_NS)) {
            final NbdLink link = new ClientHandshake(io, target).run();
            done = true;
            return link;
        } catch (final RuntimeException e) {
            throw new IOException("connecting failed: " + e, e);
        } finally {
            connecting = null;
            if (!done) {
                close(channel);
            }
        }
    }

    private static void close(final SocketChannel channel) {
        try {
            channel.close();
        } catch (final IOException e) {
            LOG.debug("Closing a socket failed", e);
        }
    }
}
