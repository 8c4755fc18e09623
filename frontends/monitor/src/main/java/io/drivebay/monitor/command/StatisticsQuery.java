package io.drivebay.monitor.command;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.stats.IntervalStatistics;
import io.drivebay.backend.stats.OperationStatistics;
import io.drivebay.monitor.protocol.Arguments;
import io.drivebay.monitor.protocol.CommandTable;
import io.drivebay.monitor.protocol.QmpException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What disks have done on all their media: QAPI's BlockStats, and of the present medium our own {@code x-latency}, the
 * percentiles of the times in the queue and in service, in nanoseconds. Total times are sums of histograms, exact to 0.1 %.
 */
public final class StatisticsQuery {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 99.99};

    private final BlockLayer layer;
    private final LatencyHistograms histograms;

    public StatisticsQuery(final BlockLayer layer, final LatencyHistograms histograms) {
        this.layer = layer;
        this.histograms = histograms;
    }

    public void addTo(final CommandTable table) {
        table.add("query-blockstats", "query-nodes:bool?", this::query);
    }

    private List<Map<String, Object>> query(final Arguments arguments) throws QmpException {
        if (arguments.flag("query-nodes", false)) {
            throw new QmpException("Statistics are kept by disk, not by node: 'query-nodes' cannot be true");
        }
        final List<Map<String, Object>> all = new ArrayList<>();
        for (final BlockBackend backend : layer.backends()) {
            final String name = backend.name();
            final BlockDevice device = backend.device();
            if (name == null && device == null) {
                continue;
            }
            final Map<String, Object> one = new LinkedHashMap<>();
            one.put("device", name == null ? "" : name);
            if (device != null) {
                one.put("qdev", device.id());
            }
            final BlockNode medium = Lookup.medium(backend);
            if (medium != null) {
                one.put("node-name", medium.name());
            }
            addStatistics(one, backend);
            all.add(one);
        }
        return all;
    }

    private void addStatistics(final Map<String, Object> one, final BlockBackend backend) {
        final List<IntervalStatistics> past = backend.statistics().past();
        final IntervalStatistics present = backend.statistics().present();
        final IntervalStatistics sum = new IntervalStatistics(present.generation());
        past.forEach(sum::add);
        sum.add(present);
        final Map<String, Object> stats = new LinkedHashMap<>();
        for (final OperationNames operation : OperationNames.values()) {
            addOperation(stats, operation, sum);
        }
        stats.put("wr_highest_offset", highestOffset(sum));
        stats.put("account_invalid", false);
        stats.put("account_failed", false);
        stats.put("timed_stats", List.of());
        histograms.addTo(stats, backend, past, present);
        one.put("stats", stats);
        one.put("x-latency", percentiles(present));
    }

    private static void addOperation(
            final Map<String, Object> stats, final OperationNames operation, final IntervalStatistics sum) {
        long done = 0;
        long failed = 0;
        long invalid = 0;
        long bytes = 0;
        double totalNs = 0;
        for (final Operation each : operation.operations()) {
            invalid += sum.invalidOperations(each);
            final OperationStatistics statistics = sum.of(each);
            if (statistics != null) {
                done += statistics.operations();
                failed += statistics.failedOperations();
                bytes += statistics.bytes();
                totalNs += total(statistics.queueNs()) + total(statistics.serviceNs());
            }
        }
        final String prefix = operation.prefix();
        stats.put(prefix + "_operations", done);
        stats.put("failed_" + prefix + "_operations", failed);
        stats.put("invalid_" + prefix + "_operations", invalid);
        stats.put(prefix + "_total_time_ns", Math.round(totalNs));
        if (operation != OperationNames.FLUSH) {
            stats.put(prefix + "_bytes", bytes);
            stats.put(prefix + "_merged", 0);
        }
    }

    private static long highestOffset(final IntervalStatistics sum) {
        long highest = 0;
        for (final Operation each : OperationNames.WR.operations()) {
            final OperationStatistics statistics = sum.of(each);
            highest = statistics == null ? highest : Math.max(highest, statistics.highestOffset());
        }
        return highest;
    }

    private static double total(final Histogram histogram) {
        return histogram.getTotalCount() == 0 ? 0 : histogram.getMean() * histogram.getTotalCount();
    }

    private static Map<String, Object> percentiles(final IntervalStatistics present) {
        final Map<String, Object> latency = new LinkedHashMap<>();
        for (final Operation operation : Operation.values()) {
            final OperationStatistics statistics = present.of(operation);
            if (statistics != null) {
                final Map<String, Object> one = new LinkedHashMap<>();
                one.put("queue-ns", percentiles(statistics.queueNs()));
                one.put("service-ns", percentiles(statistics.serviceNs()));
                one.put("failed-service-ns", percentiles(statistics.failedServiceNs()));
                latency.put(operation.name().toLowerCase(Locale.ROOT).replace('_', '-'), one);
            }
        }
        return latency;
    }

    private static Map<String, Object> percentiles(final Histogram histogram) {
        final Map<String, Object> values = new LinkedHashMap<>();
        values.put("count", histogram.getTotalCount());
        if (histogram.getTotalCount() > 0) {
            values.put("min", histogram.getMinValue());
            values.put("mean", Math.round(histogram.getMean()));
            for (final double percentile : PERCENTILES) {
                final String name = "p"
                        + BigDecimal.valueOf(percentile).stripTrailingZeros().toPlainString();
                values.put(name, histogram.getValueAtPercentile(percentile));
            }
            values.put("max", histogram.getMaxValue());
        }
        return values;
    }
}
