package io.drivebay.sim.workload;

import org.HdrHistogram.Histogram;

/** Requests of one operation that succeeded: how many, how much, how long. One thread at a time. */
final class OperationRecord {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram latencyNs = new Histogram(SIGNIFICANT_DIGITS);
    private long bytes;

    void add(final long latency, final int length) {
        latencyNs.recordValue(Math.max(0, latency));
        bytes += length;
    }

    void add(final OperationRecord other) {
        latencyNs.add(other.latencyNs);
        bytes += other.bytes;
    }

    void clear() {
        if (latencyNs.getTotalCount() > 0) {
            latencyNs.reset();
        }
        bytes = 0;
    }

    Histogram latencyNs() {
        return latencyNs;
    }

    long operations() {
        return latencyNs.getTotalCount();
    }

    long bytes() {
        return bytes;
    }
}
