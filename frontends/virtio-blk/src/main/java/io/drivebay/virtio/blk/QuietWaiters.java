package io.drivebay.virtio.blk;

import io.drivebay.backend.context.IoContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the last requests of queues that are being closed, in the context, and for a bounded time outside. */
final class QuietWaiters {
    private static final Logger LOG = LoggerFactory.getLogger(QuietWaiters.class);
    private static final long LONGEST_WAIT_NS = 5_000_000_000L;

    private record Waiter(List<BlkQueue> queues, Runnable action) {}

    private final IoContext context;
    private final Runnable beforeWaiting;
    private final List<Waiter> waiting = new ArrayList<>();

    /**
     * Nobody waits yet.
     *
     * @param beforeWaiting runs in the context whenever a wait begins: ends requests that would never end by themselves
     */
    QuietWaiters(final IoContext context, final Runnable beforeWaiting) {
        this.context = context;
        this.beforeWaiting = beforeWaiting;
    }

    /**
     * Runs an action in the context when closed queues have no request on its way any more.
     *
     * <p>Returns when it has run, or after {@link #LONGEST_WAIT_NS}; in the context itself without waiting.
     *
     * @param what it is, for the log
     */
    void await(final List<BlkQueue> queues, final Runnable action, final String what) {
        if (context.inContext()) {
            add(new Waiter(queues, action));
            return;
        }
        final CompletableFuture<Boolean> done = new CompletableFuture<>();
        context.execute(() -> add(new Waiter(queues, () -> {
            action.run();
            done.complete(true);
        })));
        try {
            context.await(done, LONGEST_WAIT_NS);
        } catch (final TimeoutException e) {
            LOG.warn("{} waits for requests in flight and goes on in the background: {}", what, e.toString());
        }
    }

    private void add(final Waiter waiter) {
        beforeWaiting.run();
        waiting.add(waiter);
        check();
    }

    /** A request of a closing queue has ended. */
    void check() {
        for (int i = waiting.size() - 1; i >= 0; i--) {
            final Waiter waiter = waiting.get(i);
            if (waiter.queues.stream().allMatch(BlkQueue::quiet)) {
                waiting.remove(i);
                waiter.queues.forEach(BlkQueue::closed);
                waiter.action.run();
            }
        }
    }
}
