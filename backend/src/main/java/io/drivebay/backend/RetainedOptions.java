package io.drivebay.backend;

import io.drivebay.backend.graph.NodeOptions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a new medium takes over from the one before it in the same drive. */
final class RetainedOptions {
    private RetainedOptions() {}

    /** The options given, completed by those of an earlier medium that they leave open. */
    static Map<String, Object> complete(
            final Map<String, ? extends Object> given,
            final NodeOptions earlier,
            final MediaControl.ReadOnlyMode mode) {
        final Map<String, Object> options = new LinkedHashMap<>(given);
        final boolean readOnly = switch (mode) {
            case RETAIN -> earlier.readOnly();
            case READ_ONLY -> true;
            case READ_WRITE -> false;
        };
        if (mode == MediaControl.ReadOnlyMode.RETAIN) {
            options.putIfAbsent("read-only", readOnly);
        } else {
            options.put("read-only", readOnly);
        }
        options.putIfAbsent("discard", earlier.discard() ? "unmap" : "ignore");
        final boolean unmaps = "unmap".equals(options.get("discard"));
        final boolean degrade = earlier.detectZeroes() == NodeOptions.DetectZeroes.UNMAP && !unmaps;
        final NodeOptions.DetectZeroes detect = degrade ? NodeOptions.DetectZeroes.ON : earlier.detectZeroes();
        options.putIfAbsent("detect-zeroes", detect.name().toLowerCase(Locale.ROOT));
        if (!options.containsKey("cache")) {
            options.putIfAbsent("cache.direct", earlier.cacheDirect());
            options.putIfAbsent("cache.no-flush", earlier.noFlush());
        }
        return options;
    }
}
