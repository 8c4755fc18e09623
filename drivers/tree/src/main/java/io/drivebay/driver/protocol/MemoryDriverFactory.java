package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;

/** Opens {@code memory}: size. */
public final class MemoryDriverFactory implements DriverFactory {
    @Override
    public String driverName() {
        return MemoryDriver.NAME;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        if (!options.has("size")) {
            throw new BlockException(
                    Kind.INVALID_OPTION, "option 'size' of driver memory is missing: the length of the disk in bytes");
        }
        return new MemoryDriver(Sizes.checked(MemoryDriver.NAME, options.size("size", 0), ChunkStore.MAX_BYTES));
    }
}
