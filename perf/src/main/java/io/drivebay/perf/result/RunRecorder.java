package io.drivebay.perf.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/** Adds the samples of a run up to its result. One thread. */
public final class RunRecorder {
    private static final int SIGNIFICANT_DIGITS = 3;

    private final Map<String, Total> totals = new TreeMap<>();
    private final List<IntervalPoint> points = new ArrayList<>();

    private static final class Total {
        private final Histogram latencyNs = new Histogram(SIGNIFICANT_DIGITS);
        private long bytes;
    }

    /** Adds what one operation did in one stretch. */
    public void add(final IntervalSample sample) {
        final Total total = totals.computeIfAbsent(sample.operation(), name -> new Total());
        total.latencyNs.add(sample.latencyNs());
        total.bytes += sample.bytes();
        points.add(sample.point());
    }

    /** What was done by each operation, over a time. */
    public Map<String, OperationResult> operations(final long durationNs) {
        final Map<String, OperationResult> results = new LinkedHashMap<>();
        totals.forEach(
                (name, total) -> results.put(name, OperationResult.of(total.latencyNs, total.bytes, durationNs)));
        return results;
    }

    /** The samples as points, in the order in which they came. */
    public List<IntervalPoint> points() {
        return List.copyOf(points);
    }
}
