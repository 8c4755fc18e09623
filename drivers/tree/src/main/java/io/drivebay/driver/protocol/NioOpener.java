package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.driver.protocol.ImageGuard.Locking;
import io.drivebay.posix.Posix;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a regular file for {@link NioEngine}. A control thread; blocks. */
final class NioOpener {
    private static final Logger LOG = LoggerFactory.getLogger(NioOpener.class);

    private final OpenScope scope;
    private final String driverName;
    private final String filename;
    private final Locking locking;

    NioOpener(final OpenScope scope, final String driverName, final String filename, final Locking locking) {
        this.scope = scope;
        this.driverName = driverName;
        this.filename = filename;
        this.locking = locking;
    }

    FileDriver open() throws BlockException {
        final Path path = path();
        final ImageGuard guard = guard();
        try {
            final boolean readOnly = scope.nodeOptions().readOnly() || mustReadOnly(path);
            final FileChannel channel = readOnly
                    ? FileChannel.open(path, StandardOpenOption.READ)
                    : FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            final OpenedFile opened =
                    new OpenedFile(driverName, filename, Aio.NIO, readOnly, channel.size(), null, 1, guard);
            final NioEngine engine = new NioEngine(
                    scope.domain().context(), channel, path.getFileName().toString());
            return new FileDriver(
                    opened, engine, scope.domain(), scope.nodeOptions().noFlush());
        } catch (final AccessDeniedException e) {
            guard.close();
            throw new BlockException(Kind.IO, "open of " + filename + " failed: permission denied", e);
        } catch (final IOException e) {
            guard.close();
            throw new BlockException(Kind.IO, "open of " + filename + " failed: " + e.getMessage(), e);
        }
    }

    private Path path() throws BlockException {
        final Path path;
        try {
            path = Path.of(filename);
        } catch (final InvalidPathException e) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'filename' is no path: " + e.getMessage(), e);
        }
        if (!Files.exists(path)) {
            throw new BlockException(Kind.IO, "cannot open image: there is no " + filename);
        }
        if (!Files.isRegularFile(path)) {
            throw new BlockException(
                    Kind.IO,
                    "driver " + driverName + " needs a regular file, but " + filename + " is "
                            + (Files.isDirectory(path) ? "a directory" : "something else"));
        }
        return path;
    }

    private boolean mustReadOnly(final Path path) {
        final boolean must = scope.autoReadOnly() && !Files.isWritable(path);
        if (must) {
            LOG.info("{} is opened read-only: it cannot be written to", filename);
        }
        return must;
    }

    /** Locks are the kernel's: Java's own would not be seen by others as locks of this process's images. */
    private ImageGuard guard() throws BlockException {
        if (locking == Locking.OFF) {
            return ImageGuard.none();
        }
        if (!Posix.isLinux()) {
            if (locking == Locking.ON) {
                throw new BlockException(
                        Kind.NOT_SUPPORTED, "locking=on for " + filename + ": " + Posix.unavailableReason());
            }
            LOG.info("{} is not locked: {}", filename, Posix.unavailableReason());
            return ImageGuard.none();
        }
        final PosixFile file;
        try {
            file = PosixFile.open(filename);
        } catch (final PosixException e) {
            throw FileErrors.io(e);
        }
        try {
            return ImageGuard.of(file, true, locking);
        } catch (final BlockException e) {
            file.close();
            throw e;
        }
    }
}
