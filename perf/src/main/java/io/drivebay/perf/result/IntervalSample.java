package io.drivebay.perf.result;

import org.HdrHistogram.Histogram;

/**
 * What one operation did in one stretch of a run, with its whole histogram: what recorders and logs are fed with.
 *
 * @param operation its name
 * @param startNs begin of the stretch, from the begin of the measured time
 * @param durationNs its length
 * @param bytes moved by those that succeeded
 * @param latencyNs of those that succeeded; it belongs to the sender, who may change it after the call
 */
public record IntervalSample(String operation, long startNs, long durationNs, long bytes, Histogram latencyNs) {

    /** The point of this sample in a series over time. */
    public IntervalPoint point() {
        final LatencySummary summary = LatencySummary.of(latencyNs);
        return new IntervalPoint(
                operation,
                startNs,
                durationNs,
                latencyNs.getTotalCount(),
                bytes,
                summary.p50Ns(),
                summary.p99Ns(),
                summary.maxNs());
    }
}
