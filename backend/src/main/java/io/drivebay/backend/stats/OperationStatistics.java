package io.drivebay.backend.stats;

import org.HdrHistogram.Histogram;

/**
 * Counts and latencies of one operation. Histograms hold nanoseconds, three significant digits.
 *
 * <p>Written by the context's thread while part of a live {@link IntervalStatistics}; anyone's once that was taken.
 */
public final class OperationStatistics {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Histogram queueNs = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram serviceNs = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram failedServiceNs = new Histogram(SIGNIFICANT_DIGITS);
    private long operations;
    private long failedOperations;
    private long bytes;
    private long highestOffset;

    void succeeded(final long queuedNs, final long servedNs, final long offset, final long length) {
        operations++;
        bytes += length;
        highestOffset = Math.max(highestOffset, offset + length);
        queueNs.recordValue(Math.max(0, queuedNs));
        serviceNs.recordValue(Math.max(0, servedNs));
    }

    void failed(final long queuedNs, final long servedNs) {
        failedOperations++;
        queueNs.recordValue(Math.max(0, queuedNs));
        failedServiceNs.recordValue(Math.max(0, servedNs));
    }

    void add(final OperationStatistics other) {
        queueNs.add(other.queueNs);
        serviceNs.add(other.serviceNs);
        failedServiceNs.add(other.failedServiceNs);
        operations += other.operations;
        failedOperations += other.failedOperations;
        bytes += other.bytes;
        highestOffset = Math.max(highestOffset, other.highestOffset);
    }

    /** Requests that succeeded. */
    public long operations() {
        return operations;
    }

    /** Requests that failed after they were found valid. */
    public long failedOperations() {
        return failedOperations;
    }

    /** Bytes of the requests that succeeded. */
    public long bytes() {
        return bytes;
    }

    /** The first byte behind all requests that succeeded; 0 when there was none. */
    public long highestOffset() {
        return highestOffset;
    }

    /** From submission until the context took the request out of the ring; successes and failures. */
    public Histogram queueNs() {
        return queueNs;
    }

    /** From the ring to the completion, of requests that succeeded. */
    public Histogram serviceNs() {
        return serviceNs;
    }

    /** From the ring to the completion, of requests that failed. */
    public Histogram failedServiceNs() {
        return failedServiceNs;
    }
}
