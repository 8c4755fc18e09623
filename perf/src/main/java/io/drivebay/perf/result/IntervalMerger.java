package io.drivebay.perf.result;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.HdrHistogram.Histogram;

/**
 * Makes fewer, longer samples out of many short ones, so that a long run has a chart that can be looked at. What
 * completes after the end of the run counts to its last sample. One thread.
 */
public final class IntervalMerger {
    /** No run has more stretches than this. */
    public static final int MOST_STRETCHES = 600;

    private static final int SIGNIFICANT_DIGITS = 3;

    private final long stretchNs;
    private final long lastStretch;
    private final Consumer<IntervalSample> receiver;
    private final Map<String, Sum> open = new TreeMap<>();
    private long stretch;

    private static final class Sum {
        private final Histogram latencyNs = new Histogram(SIGNIFICANT_DIGITS);
        private long bytes;
    }

    /**
     * A merger.
     *
     * @param intervalNs length of the samples that come in
     * @param runtimeNs length of the run
     */
    public IntervalMerger(final long intervalNs, final long runtimeNs, final Consumer<IntervalSample> receiver) {
        final long intervals = Math.max(1, (runtimeNs + intervalNs - 1) / intervalNs);
        this.stretchNs = (intervals + MOST_STRETCHES - 1) / MOST_STRETCHES * intervalNs;
        this.lastStretch = Math.max(0, (runtimeNs - 1) / stretchNs);
        this.receiver = receiver;
    }

    /** Takes a sample; samples come in the order of time. */
    public void add(final IntervalSample sample) {
        final long belongsTo = Math.min(lastStretch, sample.startNs() / stretchNs);
        if (belongsTo != stretch) {
            finish();
            stretch = belongsTo;
        }
        final Sum sum = open.computeIfAbsent(sample.operation(), name -> new Sum());
        sum.latencyNs.add(sample.latencyNs());
        sum.bytes += sample.bytes();
    }

    /** Hands over what is left: the run has ended. */
    public void finish() {
        open.forEach((operation, sum) -> receiver.accept(
                new IntervalSample(operation, stretch * stretchNs, stretchNs, sum.bytes, sum.latencyNs)));
        open.clear();
    }
}
