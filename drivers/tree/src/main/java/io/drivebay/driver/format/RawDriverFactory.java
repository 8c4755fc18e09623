package io.drivebay.driver.format;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.driver.filter.FilterDriver;

/** Opens {@code raw}: file, offset, size. */
public final class RawDriverFactory implements DriverFactory {
    private static final int SECTOR_BYTES = 512;

    @Override
    public String driverName() {
        return RawDriver.NAME;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        final BlockNode file = scope.child(options, FilterDriver.FILE);
        final long offset = options.size("offset", 0);
        final boolean toTheEnd = !options.has("size");
        final long size = options.size("size", 0);
        refuseOutside(file, offset, size);
        if (size % SECTOR_BYTES != 0) {
            throw new BlockException(
                    Kind.INVALID_OPTION, "option 'size' of driver raw is " + size + ", no multiple of " + SECTOR_BYTES);
        }
        return new RawDriver(file, offset, toTheEnd ? RawDriver.TO_THE_END : size);
    }

    private static void refuseOutside(final BlockNode file, final long offset, final long size) throws BlockException {
        final long length = file.length();
        if (offset > length) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "option 'offset' of driver raw is " + offset + ", but " + file.describe() + " has only " + length
                            + " bytes");
        }
        if (size > length - offset) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "option 'size' of driver raw is " + size + ", but " + file.describe() + " has only "
                            + (length - offset) + " bytes from offset " + offset + " on");
        }
    }
}
