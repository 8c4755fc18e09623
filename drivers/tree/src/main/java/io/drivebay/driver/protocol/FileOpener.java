package io.drivebay.driver.protocol;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.driver.protocol.ImageGuard.Locking;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.BlockDeviceControl;
import io.drivebay.posix.Errno;
import io.drivebay.posix.FileStatus;
import io.drivebay.posix.OpenFlag;
import io.drivebay.posix.PortOptions.Engine;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a file or device of the host as options ask. A control thread; blocks. Used once. */
final class FileOpener {
    private static final Logger LOG = LoggerFactory.getLogger(FileOpener.class);

    private final String driverName;
    private final FileStatus.Kind kind;
    private final OpenScope scope;
    private final String filename;
    private final @Nullable Aio wanted;
    private final Locking locking;

    /**
     * Reads the options.
     *
     * @param kind what the path must lead to
     */
    FileOpener(
            final String driverName, final FileStatus.Kind kind, final BlockdevOptions options, final OpenScope scope)
            throws BlockException {
        this.driverName = driverName;
        this.kind = kind;
        this.scope = scope;
        this.filename = options.requiredText("filename");
        this.wanted = Aio.of(options);
        this.locking = options.choice("locking", Locking.class, Locking.AUTO);
    }

    BlockDriver open() throws BlockException {
        final IoContext context = scope.domain().context();
        final Aio aio = choose(context);
        final FileDriver driver = aio == Aio.NIO
                ? new NioOpener(scope, driverName, filename, locking).open()
                : openNative(aio, (AsyncFilePort) context.port());
        LOG.info("Opened {}: {}", driverName, driver.describe());
        return driver;
    }

    /** The way that was asked for, or the best one that the context has. */
    private Aio choose(final IoContext context) throws BlockException {
        final Aio best = context.port() instanceof AsyncFilePort port
                ? (port.engine() == Engine.IO_URING ? Aio.IO_URING : Aio.THREADS)
                : Aio.NIO;
        final Aio aio = wanted == null ? best : wanted;
        if (aio.compareTo(best) < 0) {
            throw new BlockException(
                    Kind.NOT_SUPPORTED,
                    "aio=" + aio.qapiName() + " cannot be had for " + filename + ": context '" + context.name()
                            + "' only has " + best.qapiName() + "; its log says why");
        }
        if (aio == Aio.NIO && kind != FileStatus.Kind.REGULAR) {
            throw new BlockException(Kind.NOT_SUPPORTED, "driver " + driverName + " does not go with aio=nio");
        }
        if (aio == Aio.NIO && scope.cacheDirect()) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "cache.direct=on does not go with aio=nio, which "
                            + (wanted == null ? "is all that context '" + context.name() + "' has" : "was asked for"));
        }
        if (wanted == null && aio != Aio.IO_URING) {
            LOG.info("{} is read and written by aio={}: context '{}' has no better", filename, aio, context.name());
        }
        return aio;
    }

    private FileDriver openNative(final Aio aio, final AsyncFilePort port) throws BlockException {
        refuseOtherKinds();
        final boolean mayWrite = !scope.nodeOptions().readOnly();
        PosixFile file;
        boolean readOnly = !mayWrite;
        try {
            file = openFile(mayWrite);
        } catch (final PosixException e) {
            if (!mayWrite || !scope.autoReadOnly() || !forbidsWriting(e.errno())) {
                throw FileErrors.io(e);
            }
            LOG.info("{} is opened read-only: {}", filename, e.getMessage());
            file = openReadOnly();
            readOnly = true;
        }
        try {
            return attach(file, aio, port, readOnly);
        } catch (final PosixException e) {
            file.close();
            throw FileErrors.io(e);
        } catch (final BlockException e) {
            file.close();
            throw e;
        }
    }

    /** Looks before opening: opening a pipe may wait for ever, opening a tape rewinds it. */
    private void refuseOtherKinds() throws BlockException {
        final FileStatus.Kind found;
        try {
            found = PosixFile.statusOf(filename).kind();
        } catch (final PosixException e) {
            throw new BlockException(Kind.IO, "cannot open image: " + e.getMessage(), e);
        }
        if (found != kind) {
            throw new BlockException(
                    Kind.IO,
                    "driver " + driverName + " needs a " + words(kind) + ", but " + filename + " is a " + words(found)
                            + (found == FileStatus.Kind.BLOCK_DEVICE ? ": use driver host_device" : "")
                            + (found == FileStatus.Kind.REGULAR ? ": use driver file" : ""));
        }
    }

    private static String words(final FileStatus.Kind kind) {
        return switch (kind) {
            case REGULAR -> "regular file";
            case DIRECTORY -> "directory";
            case BLOCK_DEVICE -> "block device";
            case CHARACTER_DEVICE -> "character device";
            case OTHER -> "pipe, socket or the like";
        };
    }

    private PosixFile openFile(final boolean forWriting) throws PosixException {
        final PosixFile file = openPath(forWriting);
        try {
            if (forWriting && kind == FileStatus.Kind.BLOCK_DEVICE && new BlockDeviceControl(file).readOnly()) {
                throw new PosixException(Errno.EROFS.number(), "open for writing", filename, "The device is read-only");
            }
            return file;
        } catch (final PosixException e) {
            file.close();
            throw e;
        }
    }

    private PosixFile openPath(final boolean forWriting) throws PosixException {
        if (scope.cacheDirect()) {
            return forWriting
                    ? PosixFile.open(filename, OpenFlag.READ_WRITE, OpenFlag.DIRECT)
                    : PosixFile.open(filename, OpenFlag.DIRECT);
        }
        return forWriting ? PosixFile.open(filename, OpenFlag.READ_WRITE) : PosixFile.open(filename);
    }

    private PosixFile openReadOnly() throws BlockException {
        try {
            return openFile(false);
        } catch (final PosixException e) {
            throw FileErrors.io(e);
        }
    }

    static boolean forbidsWriting(final int errno) {
        return Errno.EACCES.is(errno) || Errno.EPERM.is(errno) || Errno.EROFS.is(errno);
    }

    private FileDriver attach(final PosixFile file, final Aio aio, final AsyncFilePort port, final boolean readOnly)
            throws BlockException, PosixException {
        final FileStatus status = file.status();
        final boolean device = kind == FileStatus.Kind.BLOCK_DEVICE;
        final OpenedFile opened = new OpenedFile(
                driverName,
                filename,
                aio,
                readOnly,
                device ? new BlockDeviceControl(file).sizeBytes() : status.sizeBytes(),
                scope.cacheDirect() ? AlignmentProbe.of(file, status) : null,
                device ? new BlockDeviceControl(file).logicalBlockBytes() : 1,
                ImageGuard.of(file, false, locking));
        final PosixEngine engine = new PosixEngine(scope.domain().context(), port, file, aio == Aio.THREADS, device);
        return new FileDriver(
                opened, engine, scope.domain(), scope.nodeOptions().noFlush());
    }
}
