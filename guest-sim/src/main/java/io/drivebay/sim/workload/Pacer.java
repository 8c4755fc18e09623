package io.drivebay.sim.workload;

/** Says when a job's next request is to begin: at once (closed loop) or at fixed times, whatever became of earlier ones. */
final class Pacer {
    private final double periodNs;
    private final double phaseNs;
    private long startNs;
    private long begun;

    /**
     * A pacer of one of several jobs that take turns.
     *
     * @param ratePerSecond of all jobs together; 0 for a closed loop
     */
    Pacer(final long ratePerSecond, final int job, final int jobs) {
        this.periodNs = ratePerSecond == 0 ? 0 : 1e9 * jobs / ratePerSecond;
        this.phaseNs = ratePerSecond == 0 ? 0 : 1e9 * job / ratePerSecond;
    }

    void start(final long nowNs) {
        startNs = nowNs;
    }

    /** When the next request is to begin. */
    long nextNs(final long nowNs) {
        return periodNs == 0 ? nowNs : startNs + (long) (phaseNs + begun * periodNs);
    }

    /** One more has begun. */
    void begun() {
        begun++;
    }

    /** How many more are to begin before a time. */
    long dueBefore(final long timeNs) {
        return Math.max(0, (long) Math.ceil((timeNs - startNs - phaseNs) / periodNs) - begun);
    }

    boolean closedLoop() {
        return periodNs == 0;
    }
}
