package io.drivebay.monitor.command;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.monitor.protocol.Arguments;
import io.drivebay.monitor.protocol.CommandTable;
import io.drivebay.monitor.protocol.Handler;
import io.drivebay.monitor.protocol.QmpException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Limits on what a drive may do: {@code block_set_io_throttle}. They are a filter of the drive's own, which stays when its
 * medium changes.
 */
public final class Throttles {
    private static final String PARAMETERS = "device:str? id:str? bps:int bps_rd:int bps_wr:int iops:int iops_rd:int"
            + " iops_wr:int bps_max:int? bps_rd_max:int? bps_wr_max:int? iops_max:int? iops_rd_max:int?"
            + " iops_wr_max:int? bps_max_length:int? bps_rd_max_length:int? bps_wr_max_length:int?"
            + " iops_max_length:int? iops_rd_max_length:int? iops_wr_max_length:int? iops_size:int? group:str?";

    private final BlockLayer layer;
    private final Blockdevs blockdevs;
    /* What this command has put in, until the backend is gone. */
    private final Map<BlockBackend, BlockNode> filters = new WeakHashMap<>();

    public Throttles(final BlockLayer layer, final Blockdevs blockdevs) {
        this.layer = layer;
        this.blockdevs = blockdevs;
    }

    public void addTo(final CommandTable table) {
        table.add("block_set_io_throttle", PARAMETERS, this::set);
    }

    /** The new filter is in before the old one is out: there is no moment without limits, and a refusal changes nothing. */
    private Object set(final Arguments arguments) throws BlockException, QmpException {
        final BlockBackend backend = Lookup.backend(layer, Lookup.drive(layer, arguments));
        final Map<String, Object> limits = limits(arguments);
        final BlockNode old = filters.get(backend);
        final BlockNode filter = limits.isEmpty() ? null : add(backend, limits, arguments.optionalText("group"));
        if (old != null) {
            layer.removeFilter(backend, old);
        }
        if (filter == null) {
            filters.remove(backend);
        } else {
            filters.put(backend, filter);
        }
        return Handler.NOTHING;
    }

    /** The limits in the driver's spelling; empty for none. */
    private static Map<String, Object> limits(final Arguments arguments) throws QmpException {
        final Map<String, Object> limits = new LinkedHashMap<>();
        boolean limited = false;
        for (final Map.Entry<String, String> rate : ThrottleLimitNames.RATES.entrySet()) {
            final String name = rate.getValue();
            limited |= arguments.number(name, 0) != 0;
            put(limits, rate.getKey(), arguments, name);
            put(limits, rate.getKey() + "-max", arguments, name + "_max");
            put(limits, rate.getKey() + "-max-length", arguments, name + "_max_length");
        }
        put(limits, "iops-size", arguments, "iops_size");
        if (!limited && !limits.isEmpty()) {
            throw new QmpException("bursts and iops_size need a limit");
        }
        return limits;
    }

    private static void put(
            final Map<String, Object> limits, final String option, final Arguments arguments, final String name)
            throws QmpException {
        final long value = arguments.number(name, 0);
        if (value < 0) {
            throw new QmpException("Parameter '" + name + "' must be at least 0");
        }
        if (value > 0) {
            limits.put(option, value);
        }
    }

    private BlockNode add(final BlockBackend backend, final Map<String, Object> limits, final @Nullable String group)
            throws BlockException {
        final Map<String, Object> options = new LinkedHashMap<>();
        options.put("driver", "throttle");
        options.put("limits", limits);
        if (group != null) {
            options.put("throttle-group", group);
        }
        final BlockNode filter = blockdevs.addFilter(backend.context(), options);
        try {
            layer.addFilter(backend, filter);
        } finally {
            layer.disown(filter); // in the drive it lives on
        }
        return filter;
    }
}
