package io.drivebay.monitor.command;

import io.drivebay.backend.BackendStatistics;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.stats.IntervalStatistics;
import io.drivebay.backend.stats.OperationStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * One operation's latencies since a moment, in classes: QAPI's BlockLatencyHistogramInfo. A latency is the time from the
 * ring to the completion, of successes and failures; its resolution is 0.1 %. Of media that have gone, the last 16 count.
 */
final class LatencyClasses {
    private final OperationNames operation;
    private final List<Long> boundariesNs;
    private final long beginGeneration;
    private final List<Long> before;

    /** Classes that count from now on; one more than there are boundaries. */
    LatencyClasses(final OperationNames operation, final List<Long> boundariesNs, final BackendStatistics statistics) {
        this.operation = operation;
        this.boundariesNs = List.copyOf(boundariesNs);
        final IntervalStatistics present = statistics.present();
        this.beginGeneration = present.generation();
        this.before = count(List.of(present));
    }

    Map<String, Object> describe(final List<IntervalStatistics> past, final IntervalStatistics present) {
        final List<IntervalStatistics> since = new ArrayList<>();
        past.stream()
                .filter(interval -> interval.generation() >= beginGeneration)
                .forEach(since::add);
        since.add(present);
        final boolean hasBeginning = since.get(0).generation() == beginGeneration;
        final List<Long> bins = new ArrayList<>();
        final List<Long> counts = count(since);
        for (int i = 0; i < counts.size(); i++) {
            bins.add(Math.max(0, counts.get(i) - (hasBeginning ? before.get(i) : 0)));
        }
        return Map.of("boundaries", boundariesNs, "bins", bins);
    }

    private List<Long> count(final List<IntervalStatistics> intervals) {
        final List<Long> bins = new ArrayList<>();
        long from = 0;
        for (int i = 0; i <= boundariesNs.size(); i++) {
            final long to = i < boundariesNs.size() ? boundariesNs.get(i) - 1 : Long.MAX_VALUE;
            long sum = 0;
            for (final IntervalStatistics interval : intervals) {
                sum += count(interval, from, to);
            }
            bins.add(sum);
            from = to + 1;
        }
        return bins;
    }

    private long count(final IntervalStatistics interval, final long fromNs, final long toNs) {
        long sum = 0;
        for (final Operation each : operation.operations()) {
            final OperationStatistics statistics = interval.of(each);
            if (statistics != null) {
                sum += between(statistics.serviceNs(), fromNs, toNs)
                        + between(statistics.failedServiceNs(), fromNs, toNs);
            }
        }
        return sum;
    }

    /** A recorded value counts by the lower end of its bucket, so that no value is counted in two classes. */
    private static long between(final Histogram histogram, final long fromNs, final long toNs) {
        long sum = 0;
        for (final var value : histogram.recordedValues()) {
            final long latencyNs = histogram.lowestEquivalentValue(value.getValueIteratedTo());
            if (latencyNs >= fromNs && latencyNs <= toNs) {
                sum += value.getCountAtValueIteratedTo();
            }
        }
        return sum;
    }
}
