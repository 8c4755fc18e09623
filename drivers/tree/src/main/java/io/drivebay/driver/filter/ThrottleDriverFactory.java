package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;
import org.jspecify.annotations.Nullable;

/** Opens {@code throttle}: file, throttle-group, limits. */
public final class ThrottleDriverFactory implements DriverFactory {
    private final ThrottleGroups groups = new ThrottleGroups();

    @Override
    public String driverName() {
        return ThrottleDriver.NAME;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        final @Nullable BlockNode child = scope.filterChild(options, FilterDriver.FILE);
        final String group = options.text("throttle-group");
        final BlockdevOptions nested = options.nested("limits");
        return groups.join(scope, group, nested == null ? null : ThrottleLimits.of(nested), child);
    }
}
