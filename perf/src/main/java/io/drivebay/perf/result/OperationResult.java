package io.drivebay.perf.result;

import org.HdrHistogram.Histogram;

/**
 * What one operation of a run did, warm-up left out.
 *
 * @param operations how many succeeded
 * @param bytes moved by those that succeeded
 * @param iops operations a second
 * @param bytesPerSecond bytes a second
 * @param latency of those that succeeded
 * @param histogram the same whole, as {@link HistogramCodec} spells it
 */
public record OperationResult(
        long operations, long bytes, double iops, double bytesPerSecond, LatencySummary latency, String histogram) {

    /** The result of what a histogram of nanoseconds holds, over a time. */
    public static OperationResult of(final Histogram histogram, final long bytes, final long durationNs) {
        final double seconds = Math.max(1, durationNs) / 1e9;
        final long operations = histogram.getTotalCount();
        return new OperationResult(
                operations,
                bytes,
                operations / seconds,
                bytes / seconds,
                LatencySummary.of(histogram),
                HistogramCodec.encode(histogram));
    }

    /** The histogram itself: a new one at each call. */
    public Histogram decodeHistogram() {
        return HistogramCodec.decode(histogram);
    }
}
