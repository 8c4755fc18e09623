package io.drivebay.perf.result;

import org.HdrHistogram.AbstractHistogram;

/** The shape of a latency histogram in a few numbers, in nanoseconds; all 0 when nothing was measured. */
public record LatencySummary(
        long minNs,
        double meanNs,
        double standardDeviationNs,
        long p50Ns,
        long p90Ns,
        long p95Ns,
        long p99Ns,
        long p999Ns,
        long p9999Ns,
        long maxNs) {

    /** The summary of a histogram of nanoseconds. */
    public static LatencySummary of(final AbstractHistogram histogram) {
        if (histogram.getTotalCount() == 0) {
            return new LatencySummary(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        }
        return new LatencySummary(
                histogram.getMinValue(),
                histogram.getMean(),
                histogram.getStdDeviation(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(95),
                histogram.getValueAtPercentile(99),
                histogram.getValueAtPercentile(99.9),
                histogram.getValueAtPercentile(99.99),
                histogram.getMaxValue());
    }
}
