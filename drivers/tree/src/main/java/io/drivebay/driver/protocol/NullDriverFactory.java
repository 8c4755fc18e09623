package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;

/** Opens {@code null-co}: size, latency-ns, read-zeroes. */
public final class NullDriverFactory implements DriverFactory {
    private static final long DEFAULT_SIZE_BYTES = 1L << 30;

    @Override
    public String driverName() {
        return NullDriver.NAME;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        final long size = Sizes.checked(NullDriver.NAME, options.size("size", DEFAULT_SIZE_BYTES), Sizes.MAX_BYTES);
        final NullDriver.Options chosen =
                new NullDriver.Options(size, options.number("latency-ns", 0), options.flag("read-zeroes", false));
        return new NullDriver(chosen, scope.domain().context());
    }
}
