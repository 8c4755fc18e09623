package io.drivebay.backend.context;

/**
 * What a context's thread does about turns without work: it looks again at once, gives way to other threads, or sleeps.
 *
 * <p>The clock is read in turns without work only. One thread only.
 */
final class IdleTurns {
    /** What follows a turn without work. */
    enum Next {
        LOOK_AGAIN,
        YIELD,
        SLEEP
    }

    /** Some microseconds. Whoever is to make work may want this very processor: where there are few, it often does. */
    private static final int TURNS_BEFORE_YIELD = 64;

    private final PollPolicy policy;
    private final Clock clock;

    private boolean idle;
    private int turns;
    private long sinceNs;
    private long nowNs;
    private boolean slept;

    IdleTurns(final PollPolicy policy, final Clock clock) {
        this.policy = policy;
        this.clock = clock;
    }

    /** A turn has found work. */
    void end() {
        if (slept) {
            policy.slept(clock.nanoTime() - sinceNs);
            slept = false;
        }
        idle = false;
    }

    /** A turn has found none. */
    Next next() {
        nowNs = clock.nanoTime();
        if (!idle) {
            idle = true;
            turns = 0;
            sinceNs = nowNs;
        }
        turns++;
        if (slept || nowNs - sinceNs >= policy.budgetNs()) {
            return Next.SLEEP;
        }
        return turns % TURNS_BEFORE_YIELD == 0 ? Next.YIELD : Next.LOOK_AGAIN;
    }

    /** When {@link #next} was called last. */
    long nowNs() {
        return nowNs;
    }

    /** The thread has slept, and has yet to find work. */
    void slept() {
        slept = true;
    }
}
