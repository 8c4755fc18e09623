package io.drivebay.monitor.command;

import io.drivebay.monitor.command.Graph.Element;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of throttle limits: those of the throttle driver, and those of QMP's older commands. */
final class ThrottleLimitNames {
    /** The driver's name without a suffix, and QMP's. */
    static final Map<String, String> RATES = Map.of(
            "bps-total", "bps",
            "bps-read", "bps_rd",
            "bps-write", "bps_wr",
            "iops-total", "iops",
            "iops-read", "iops_rd",
            "iops-write", "iops_wr");

    private ThrottleLimitNames() {}

    /** Adds a throttle's limits to a BlockDeviceInfo, which has the six rates in any case. */
    static void addTo(final Map<String, Object> info, final @Nullable Element throttle) {
        RATES.values().forEach(name -> info.put(name, 0));
        if (throttle == null) {
            return;
        }
        final Element limits = throttle.object("limits");
        RATES.forEach((option, name) -> {
            copy(limits, option, info, name);
            copy(limits, option + "-max", info, name + "_max");
            copy(limits, option + "-max-length", info, name + "_max_length");
        });
        copy(limits, "iops-size", info, "iops_size");
        info.put("group", throttle.text("throttle-group"));
    }

    private static void copy(
            final Element limits, final String option, final Map<String, Object> info, final String name) {
        final Object value = limits.value(option);
        if (value != null) {
            info.put(name, value);
        }
    }
}
