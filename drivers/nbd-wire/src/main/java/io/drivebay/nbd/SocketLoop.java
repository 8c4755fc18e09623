package io.drivebay.nbd;

import io.drivebay.backend.context.Clock;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that sleeps in a selector until sockets that somebody waits for are ready.
 *
 * <p>It watches what moves seldom: listeners, handshakes, and connections whose I/O context has nothing to do. Sockets
 * that are busy are read by their context and never pass through here. A watch is one-shot: it fires once per
 * {@link Watch#arm}.
 */
public final class SocketLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SocketLoop.class);

    private final Clock clock;
    private final Selector selector;
    private final Thread thread;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final Consumer<SelectionKey> fire = SocketLoop::fire;
    private Runnable timer = () -> {};
    private long timerNs = Long.MAX_VALUE;
    private volatile boolean stopping;

    /** A socket that is watched. */
    public final class Watch {
        private final SelectionKey key;

        private Watch(final SelectionKey key) {
            this.key = key;
        }

        /** Calls the action once when the socket is ready for one of {@link SelectionKey}'s operations. Any thread. */
        public void arm(final int operations) {
            try {
                key.interestOps(operations);
            } catch (final CancelledKeyException e) {
                return; // the socket is closed, and nobody waits for it any more
            }
            if (Thread.currentThread() != thread) {
                selector.wakeup();
            }
        }
    }

    /** Starts a loop with a daemon thread of its own. */
    public SocketLoop(final String name, final Clock clock) throws IOException {
        this.clock = clock;
        this.selector = Selector.open();
        this.thread = new Thread(this::loop, "drivebay-" + name);
        thread.setDaemon(true);
    }

    /** Begins to run; what has been watched or posted before is taken up. */
    public SocketLoop start() {
        thread.start();
        return this;
    }

    /** Watches a channel that does not block; the action runs in the loop. Not yet armed. Any thread. */
    public Watch watch(final SelectableChannel channel, final Runnable ready) throws ClosedChannelException {
        return new Watch(channel.register(selector, 0, ready));
    }

    /** Runs something in the loop. Any thread. */
    public void execute(final Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    /** Sets the one timer's action, before the first deadline. In the loop, or before its start. */
    public void timer(final Runnable action) {
        timer = action;
    }

    /** Sets the timer's deadline; {@link Long#MAX_VALUE} for none. In the loop. */
    public void timerAt(final long deadlineNs) {
        timerNs = deadlineNs;
    }

    private static void fire(final SelectionKey key) {
        if (key.isValid()) {
            key.interestOps(0);
            ((Runnable) key.attachment()).run();
        }
    }

    @SuppressWarnings("IllegalCatch") // the loop runner: nothing may end it but close()
    private void loop() {
        while (!stopping) {
            try {
                turn();
            } catch (final IOException | RuntimeException e) {
                LOG.error("{} failed in a turn and goes on", thread.getName(), e);
            }
        }
    }

    private void turn() throws IOException {
        final long leftNs = timerNs == Long.MAX_VALUE ? Long.MAX_VALUE : timerNs - clock.nanoTime();
        if (leftNs == Long.MAX_VALUE) {
            selector.select(fire);
        } else if (leftNs > 0) {
            selector.select(fire, TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
        } else {
            selector.selectNow(fire);
        }
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
        if (timerNs != Long.MAX_VALUE && timerNs - clock.nanoTime() <= 0) {
            timerNs = Long.MAX_VALUE;
            timer.run();
        }
    }

    /** Ends the loop. The channels are their owners' to close, before. Not from within the loop. */
    @Override
    public void close() {
        stopping = true;
        selector.wakeup();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        try {
            selector.close();
        } catch (final IOException e) {
            LOG.debug("Closing a selector failed", e);
        }
    }
}
