package io.drivebay.perf.result;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Results with known figures, for tests. */
public final class SampleResults {
    private static final long SECOND_NS = 1_000_000_000L;

    private SampleResults() {}

    /** A histogram with one value of each of 1 to {@code count} microseconds. */
    public static Histogram microseconds(final int count) {
        final Histogram histogram = new Histogram(3);
        for (int i = 1; i <= count; i++) {
            histogram.recordValue(i * 1000L);
        }
        return histogram;
    }

    /** One second of reads: 1000 of 4 KiB, from 1 µs to 1 ms. */
    public static IntervalSample second(final long index) {
        return new IntervalSample("read", index * SECOND_NS, SECOND_NS, 1000 * 4096, microseconds(1000));
    }

    /** Two such seconds, without verification or changes of medium. */
    public static BenchResult reads(final String name) {
        return reads(name, Map.of(), 0, null, List.of());
    }

    /** The same with a verification and changes of medium. */
    public static BenchResult verified(final String name, final long mismatches) {
        return reads(
                name,
                Map.of(),
                0,
                new Verification(2000, mismatches, mismatches == 0 ? "" : "offset 4096"),
                List.of(new MediumChange(500_000_000, 40_000), new MediumChange(900_000_000, 80_000)));
    }

    /** The same with failures, and with requests that were never begun. */
    public static BenchResult failed(final String name, final long ioErrors) {
        return reads(name, new TreeMap<>(Map.of("IO_ERROR", ioErrors, "NO_SPACE", 2L)), 7, null, List.of());
    }

    private static BenchResult reads(
            final String name,
            final Map<String, Long> failures,
            final long neverBegun,
            final @Nullable Verification verification,
            final List<MediumChange> changes) {
        final RunRecorder recorder = new RunRecorder();
        recorder.add(second(0));
        recorder.add(second(1));
        return new BenchResult(
                BenchResult.FORMAT,
                BenchResult.VERSION,
                name,
                "1.2.3",
                "2026-01-02T03:04:05Z",
                new HostInfo("Linux 6.1 amd64", "A <fast> & \"cheap\" CPU", 2, 1L << 30, "JVM 17", 1 << 28),
                Map.of("rw", "randread"),
                Map.of("frontend", "backend"),
                2 * SECOND_NS,
                recorder.operations(2 * SECOND_NS),
                failures,
                neverBegun,
                recorder.points(),
                verification,
                changes);
    }
}
