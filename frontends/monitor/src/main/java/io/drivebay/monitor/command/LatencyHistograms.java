package io.drivebay.monitor.command;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.stats.IntervalStatistics;
import io.drivebay.monitor.protocol.Arguments;
import io.drivebay.monitor.protocol.CommandTable;
import io.drivebay.monitor.protocol.Handler;
import io.drivebay.monitor.protocol.QmpException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Latencies in classes that a user chose: {@code block-latency-histogram-set}. They are counted from the backend's own
 * histograms, so setting them costs requests nothing.
 */
public final class LatencyHistograms {
    private final BlockLayer layer;
    private final Map<BlockBackend, Map<OperationNames, LatencyClasses>> byBackend = new WeakHashMap<>();

    public LatencyHistograms(final BlockLayer layer) {
        this.layer = layer;
    }

    public void addTo(final CommandTable table) {
        table.add(
                "block-latency-histogram-set",
                "id:str boundaries:list? boundaries-read:list? boundaries-write:list? boundaries-flush:list?",
                this::set);
    }

    private Object set(final Arguments arguments) throws QmpException {
        final String id = arguments.text("id");
        final BlockBackend backend = Lookup.backend(layer, Lookup.ofDevice(id));
        final List<Long> common = arguments.numbers("boundaries");
        final Map<OperationNames, LatencyClasses> classes = new EnumMap<>(OperationNames.class);
        boolean given = false;
        for (final OperationNames operation : List.of(OperationNames.RD, OperationNames.WR, OperationNames.FLUSH)) {
            final List<Long> own = arguments.numbers("boundaries-" + operation.word());
            final List<Long> boundaries = own == null ? common : own;
            if (boundaries != null) {
                given = true;
                refuseDisorder(id, operation, boundaries);
                classes.put(operation, new LatencyClasses(operation, boundaries, backend.statistics()));
            }
        }
        if (!given) {
            byBackend.remove(backend);
        } else {
            byBackend
                    .computeIfAbsent(backend, key -> new EnumMap<>(OperationNames.class))
                    .putAll(classes);
        }
        return Handler.NOTHING;
    }

    private static void refuseDisorder(final String id, final OperationNames operation, final List<Long> boundaries)
            throws QmpException {
        long last = 0;
        for (final long boundary : boundaries) {
            if (boundary <= last) {
                throw new QmpException("Device '" + id + "' set " + operation.word()
                        + " boundaries fail: they must be above 0 and ascend");
            }
            last = boundary;
        }
        if (boundaries.isEmpty()) {
            throw new QmpException("Device '" + id + "' set " + operation.word() + " boundaries fail: there are none");
        }
    }

    /** Adds the histograms that are set to a drive's statistics: {@code rd_latency_histogram} and so on. */
    void addTo(
            final Map<String, Object> statistics,
            final BlockBackend backend,
            final List<IntervalStatistics> past,
            final IntervalStatistics present) {
        final @Nullable Map<OperationNames, LatencyClasses> classes = byBackend.get(backend);
        if (classes != null) {
            classes.forEach((operation, counted) ->
                    statistics.put(operation.prefix() + "_latency_histogram", counted.describe(past, present)));
        }
    }
}
