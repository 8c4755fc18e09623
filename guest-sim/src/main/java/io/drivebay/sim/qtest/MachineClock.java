package io.drivebay.sim.qtest;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;

/**
 * The virtual time of a machine, which only its guest's clock commands move, timer by timer, while I/O goes on. It moves
 * in steps, between which the machine's context makes a turn and fires what is due. The context's thread.
 */
public final class MachineClock {
    private static final int MOST_STOPS = 100_000;

    private final VirtualClock clock;
    private final IoContext context;
    private long goalNs;
    private int stops;
    private boolean settled;

    /** A clock and the context that lives by it. */
    public MachineClock(final VirtualClock clock, final IoContext context) {
        this.clock = clock;
        this.context = context;
    }

    /** The machine's context. */
    IoContext context() {
        return context;
    }

    long nowNs() {
        return clock.nanoTime();
    }

    // ---- where to go ----

    /** Sets out for the next timer; stays when there is none. */
    void beginToDeadline() {
        final long deadline = context.nextDeadlineNs();
        beginTo(deadline == Long.MAX_VALUE ? nowNs() : deadline);
    }

    /** Sets out for a time so many nanoseconds from now. */
    void beginBy(final long nanoseconds) {
        beginTo(nanoseconds > Long.MAX_VALUE - nowNs() ? Long.MAX_VALUE : nowNs() + nanoseconds);
    }

    /** Sets out for a time; stays when that has passed already. */
    void beginTo(final long timeNs) {
        goalNs = timeNs;
        stops = 0;
        settled = false;
    }

    // ---- on the way ----

    /**
     * Goes on to the next timer before the goal, of which so and so many get a time of their own, or to the goal. Once a
     * turn.
     *
     * @return true when the goal was reached before, and what was due then has happened
     */
    boolean arrived() {
        if (nowNs() < goalNs) {
            final long deadline = context.nextDeadlineNs();
            clock.advanceTo(deadline < goalNs && stops++ < MOST_STOPS ? deadline : goalNs);
            return false;
        }
        final boolean wasSettled = settled;
        settled = true;
        return wasSettled;
    }
}
