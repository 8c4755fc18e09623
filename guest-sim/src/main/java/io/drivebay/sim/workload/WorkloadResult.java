package io.drivebay.sim.workload;

import io.drivebay.backend.request.Status;
import io.drivebay.sim.verify.VerificationReport;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a workload did after its warm-up.
 *
 * @param spec what it was asked to do
 * @param elapsedNs from the end of the warm-up to the last completion
 * @param reads the reads that succeeded
 * @param writes the writes that succeeded
 * @param failures how many requests failed, by status; empty when none did
 * @param neverBegun requests of an open loop that should have begun before the end but found no free slot
 * @param intervals what happened when, in steps of {@link Workload#INTERVAL_NS}
 * @param verification what the verification found; it covers the warm-up as well
 */
public record WorkloadResult(
        WorkloadSpec spec,
        long elapsedNs,
        OperationResult reads,
        OperationResult writes,
        Map<Status, Long> failures,
        long neverBegun,
        List<IntervalSample> intervals,
        VerificationReport verification) {

    /**
     * The requests of one operation that succeeded.
     *
     * @param operations how many
     * @param bytes how much they moved
     * @param latencyNs how long they took, in nanoseconds
     */
    public record OperationResult(long operations, long bytes, Histogram latencyNs) {
        static OperationResult of(final OperationRecord record) {
            return new OperationResult(record.operations(), record.bytes(), record.latencyNs());
        }
    }

    static Map<Status, Long> failures(final IntervalRecord record) {
        final Map<Status, Long> failures = new EnumMap<>(Status.class);
        for (final Status status : Status.values()) {
            if (record.failures(status) > 0) {
                failures.put(status, record.failures(status));
            }
        }
        return Map.copyOf(failures);
    }

    /** Requests that succeeded. */
    public long operations() {
        return reads.operations() + writes.operations();
    }

    /** Bytes that they moved. */
    public long bytes() {
        return reads.bytes() + writes.bytes();
    }

    /** Requests that failed. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Bytes per second that were moved. */
    public double bytesPerSecond() {
        return elapsedNs == 0 ? 0 : bytes() * 1e9 / elapsedNs;
    }

    /** Latencies of reads and writes together: a new histogram. */
    public Histogram latencyNs() {
        final Histogram both = new Histogram(3);
        both.add(reads.latencyNs());
        both.add(writes.latencyNs());
        return both;
    }
}
