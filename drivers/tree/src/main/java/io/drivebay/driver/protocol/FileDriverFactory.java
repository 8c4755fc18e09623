package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.posix.FileStatus;

/** Opens {@code file}, a regular file: filename, aio, locking, and the generic options. */
public final class FileDriverFactory implements DriverFactory {
    static final String NAME = "file";

    @Override
    public String driverName() {
        return NAME;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        return new FileOpener(NAME, FileStatus.Kind.REGULAR, options, scope).open();
    }
}
