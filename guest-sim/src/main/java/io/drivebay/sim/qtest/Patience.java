package io.drivebay.sim.qtest;

/**
 * How long to look for the next command before one sleeps, in nanoseconds: as long as a sleep and a wake-up cost while that
 * has lately saved them, hardly at all while commands are rare. One thread only.
 */
final class Patience {
    private static final long MOST_NS = 200_000;
    private static final long LEAST_NS = 2_000;

    private long budgetNs = MOST_NS;
    private long lastNs;

    /** Begins to wait, at a time. */
    void begin(final long nowNs) {
        lastNs = nowNs;
    }

    /** Something came at a time; {@code slept} when it was waited for in sleep. */
    void progress(final long nowNs, final boolean slept) {
        if (slept) {
            budgetNs = nowNs - lastNs <= MOST_NS ? MOST_NS : Math.max(LEAST_NS, budgetNs / 2);
        }
        lastNs = nowNs;
    }

    boolean lasts(final long nowNs) {
        return nowNs - lastNs < budgetNs;
    }
}
