package io.drivebay.sim.qtest;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import java.util.List;

/**
 * The virtual time of a machine, which only its guest's clock commands move, timer by timer; I/O goes on meanwhile. One
 * thread at a time, none of the contexts.
 */
public final class MachineClock {
    private static final int MOST_STOPS = 100_000;

    private final VirtualClock clock;
    private final List<IoContext> contexts;

    /** A clock and the contexts that live by it. */
    public MachineClock(final VirtualClock clock, final List<IoContext> contexts) {
        this.clock = clock;
        this.contexts = List.copyOf(contexts);
    }

    /** Moves on to the next timer; not at all when there is none. Returns the time. */
    public long stepToDeadline() {
        final long deadline = deadline();
        return deadline == Long.MAX_VALUE ? clock.nanoTime() : set(deadline);
    }

    /** Moves on by a number of nanoseconds. */
    public long stepBy(final long nanoseconds) {
        return set(nanoseconds > Long.MAX_VALUE - clock.nanoTime() ? Long.MAX_VALUE : clock.nanoTime() + nanoseconds);
    }

    /** Moves on to a time, unless that has passed already; every timer on the way fires at its own time, in bounds. */
    public long set(final long timeNs) {
        for (int stops = 0; stops < MOST_STOPS && deadline() < timeNs; stops++) {
            advanceTo(deadline());
        }
        advanceTo(timeNs);
        return clock.nanoTime();
    }

    private long deadline() {
        long earliest = Long.MAX_VALUE;
        for (final IoContext context : contexts) {
            earliest = Math.min(earliest, context.call(context::nextDeadlineNs));
        }
        return earliest;
    }

    /* The first task makes a turn that fires what is due; when the second one runs, that turn is over. */
    private void advanceTo(final long timeNs) {
        clock.advanceTo(timeNs);
        for (final IoContext context : contexts) {
            context.run(() -> {});
            context.run(() -> {});
        }
    }
}
