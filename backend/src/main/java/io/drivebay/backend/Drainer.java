package io.drivebay.backend;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.IoDomain;
import io.drivebay.backend.request.BlockRequest;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Brings parts of a context's graph to rest and does something while they are.
 *
 * <p>All of it runs in the context: between the end of the last pending request and the action no thread is switched,
 * so that the pause that a guest sees is as long as its own requests take. Waiting is bounded; on expiry the drain is
 * undone and the caller gets a list of every pending request.
 */
final class Drainer {
    private final IoDomain domain;
    private final IoContext context;
    private final Supplier<List<BlockBackend>> backends;
    private final WholeContext whole;

    /**
     * A drainer of a domain.
     *
     * @param backends lists the backends whose requests a report names
     * @param members lists everything in the domain that can be drained
     */
    Drainer(
            final IoDomain domain,
            final Supplier<List<BlockBackend>> backends,
            final Supplier<List<Drainable>> members) {
        this.domain = domain;
        this.context = domain.context();
        this.backends = backends;
        this.whole = new WholeContext(context.name(), members);
    }

    IoDomain domain() {
        return domain;
    }

    /** Everything in the context as one thing to drain. */
    WholeContext whole() {
        return whole;
    }

    /** One drain on its way. */
    private final class Pending {
        private final List<Drainable> targets;
        private final Runnable action;
        private final boolean keep;
        private final CompletableFuture<Boolean> done = new CompletableFuture<>();
        private final DrainEvent event = new DrainEvent();
        private final Runnable whenQuiet = this::quiet;

        Pending(final List<Drainable> targets, final Runnable action, final boolean keep) {
            this.targets = targets;
            this.action = action;
            this.keep = keep;
        }

        void begin() {
            event.begin();
            targets.forEach(Drainable::drainBegin);
            domain.drainWaiters().whenQuiet(() -> targets.stream().allMatch(Drainable::quiet), whenQuiet);
        }

        /* The waiting thread goes on only when all is over: it may close what has just been drained. */
        private void quiet() {
            commit(true);
            try {
                runAndEnd();
                done.complete(true);
            } catch (final RuntimeException e) {
                done.completeExceptionally(e);
            }
        }

        private void runAndEnd() {
            try {
                action.run();
            } finally {
                if (!keep) {
                    end(targets);
                }
            }
        }

        /** The time is over: undoes the drain unless it succeeded in the meantime. */
        void giveUp() {
            if (!done.isDone()) {
                domain.drainWaiters().forget(whenQuiet);
                end(targets);
                commit(false);
                done.complete(false);
            }
        }

        private void commit(final boolean inTime) {
            event.end();
            if (event.shouldCommit()) {
                event.what = describe(targets);
                event.inTime = inTime;
                event.commit();
            }
        }
    }

    /**
     * Drains, runs an action in the context, and ends the drain, without leaving the context in between. A control
     * thread.
     *
     * @throws BlockException TIMEOUT when requests did not end in time; then the action has not run
     */
    void during(final List<Drainable> targets, final Runnable action, final long timeoutNs) throws BlockException {
        drain(new Pending(targets, action, false), timeoutNs);
    }

    /** Drains and returns with the drain in force; {@link #end} ends it. A control thread. */
    void begin(final List<Drainable> targets, final long timeoutNs) throws BlockException {
        drain(new Pending(targets, () -> {}, true), timeoutNs);
    }

    private void drain(final Pending pending, final long timeoutNs) throws BlockException {
        context.run(pending::begin);
        try {
            context.await(pending.done, timeoutNs);
        } catch (final TimeoutException e) {
            final String report = context.call(this::report);
            context.run(pending::giveUp);
            if (!pending.done.join()) {
                throw new BlockException(
                        BlockException.Kind.TIMEOUT,
                        "draining " + describe(pending.targets) + " did not end within " + timeoutNs / 1_000_000
                                + " ms; still pending:\n" + report,
                        e);
            }
        }
    }

    /** Ends a drain, in the reverse order of its beginning. The context's thread. */
    static void end(final List<Drainable> targets) {
        for (int i = targets.size() - 1; i >= 0; i--) {
            targets.get(i).drainEnd();
        }
    }

    private static String describe(final List<Drainable> targets) {
        return targets.stream().map(Drainable::describe).collect(Collectors.joining(", "));
    }

    /** Every pending request of the domain, one a line: operation, offset, length, age, where it is. In the context. */
    String report() {
        final StringBuilder lines = new StringBuilder();
        final Clock clock = context.clock();
        final long nowNs = clock.nanoTime();
        for (final BlockBackend backend : backends.get()) {
            if (backend.domain() == domain) {
                backend.forEachPending(request -> line(lines, backend.describe(), request, nowNs));
            }
        }
        domain.parts().forEachOut(part -> line(lines, "  part", part, nowNs));
        return lines.length() == 0 ? "  nothing that a backend submitted\n" : lines.toString();
    }

    private static void line(
            final StringBuilder lines, final String whose, final BlockRequest request, final long nowNs) {
        lines.append("  ")
                .append(whose)
                .append(": ")
                .append(request.operation())
                .append(" offset=")
                .append(request.offset())
                .append(" length=")
                .append(request.length())
                .append(" age=")
                .append((nowNs - request.submittedNs()) / 1_000)
                .append("us at ")
                .append(PendingRequests.where(request))
                .append('\n');
    }
}
