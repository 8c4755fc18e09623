package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.posix.FileStatus;

/** Opens {@code host_device}, a block device of the host: filename, aio, locking, and the generic options. */
public final class HostDeviceDriverFactory implements DriverFactory {
    static final String NAME = "host_device";

    @Override
    public String driverName() {
        return NAME;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        return new FileOpener(NAME, FileStatus.Kind.BLOCK_DEVICE, options, scope).open();
    }
}
