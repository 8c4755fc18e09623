package io.drivebay.backend.context;

/**
 * How long a context's thread looks for work before it sleeps: longer while that has lately paid off, not at all while
 * work is rare.
 *
 * <p>The budget doubles after a sleep that polling would have bridged within the limit, and halves after one that it
 * would not have. One thread only.
 */
final class PollPolicy {
    private static final long LEAST_NS = 4_000;

    private final long limitNs;
    private long budgetNs;

    /** A policy that never polls longer than a limit; 0 for one that always sleeps at once. */
    PollPolicy(final long limitNs) {
        this.limitNs = limitNs;
        this.budgetNs = limitNs;
    }

    long budgetNs() {
        return budgetNs;
    }

    /** Learns from a sleep: the time from the last work to the next. */
    void slept(final long gapNs) {
        if (gapNs <= limitNs) {
            budgetNs = Math.min(limitNs, Math.max(LEAST_NS, budgetNs * 2));
        } else {
            budgetNs = budgetNs / 2 < LEAST_NS ? 0 : budgetNs / 2;
        }
    }
}
