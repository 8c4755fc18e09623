package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.object.LayerObject;
import io.drivebay.backend.object.LayerObjects;
import io.drivebay.backend.object.ObjectFactory;
import java.util.LinkedHashMap;
import java.util.Map;

/** Makes {@code throttle-group} objects: {@code limits}, or the same one by one under names that begin with x-. */
public final class ThrottleGroupFactory implements ObjectFactory {
    private static final String EXPERIMENTAL = "x-";

    @Override
    public String typeName() {
        return "throttle-group";
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "limits", "what passes: limits.iops-total, limits.bps-read-max and so on",
                "x-iops-total, ...", "the same, one by one");
    }

    @Override
    public LayerObject create(final String id, final BlockdevOptions properties, final LayerObjects others)
            throws BlockException {
        final BlockdevOptions limits = properties.nested("limits");
        final Map<String, Object> single = new LinkedHashMap<>();
        for (final String key : ThrottleLimits.keys()) {
            if (properties.has(EXPERIMENTAL + key)) {
                single.put(key, properties.size(EXPERIMENTAL + key, 0));
            }
        }
        if (limits == null) {
            return new ThrottleGroup(id, ThrottleLimits.of(new BlockdevOptions(single)));
        }
        if (!single.isEmpty()) {
            throw new BlockException(Kind.INVALID_OPTION, "throttle group '" + id + "' has limits in both spellings");
        }
        return new ThrottleGroup(id, ThrottleLimits.of(limits));
    }
}
