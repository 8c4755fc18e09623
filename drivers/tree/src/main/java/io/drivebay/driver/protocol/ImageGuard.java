package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.posix.ImageLock;
import io.drivebay.posix.ImageLockedException;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Locks an image against other processes as the graph's permissions ask, or does nothing where locking is off. */
final class ImageGuard {
    private static final Logger LOG = LoggerFactory.getLogger(ImageGuard.class);

    /** QAPI's OnOffAuto for the option {@code locking}. */
    enum Locking {
        ON,
        OFF,
        AUTO
    }

    private final @Nullable PosixFile own;
    private final @Nullable ImageLock lock;

    private ImageGuard(final @Nullable PosixFile own, final @Nullable ImageLock lock) {
        this.own = own;
        this.lock = lock;
    }

    /** A guard that lets everybody do everything. */
    static ImageGuard none() {
        return new ImageGuard(null, null);
    }

    /**
     * A guard of an image.
     *
     * @param file the file to lock through
     * @param owned whether the guard closes the file
     * @throws BlockException NOT_SUPPORTED when locking is on and the file cannot be locked; the file is left open
     */
    static ImageGuard of(final PosixFile file, final boolean owned, final Locking locking) throws BlockException {
        final ImageLock lock = new ImageLock(file);
        if (locking == Locking.ON && !lock.supported()) {
            throw new BlockException(
                    Kind.NOT_SUPPORTED,
                    "locking=on, but neither kernel nor file system can lock " + file.path() + "; use locking=auto");
        }
        return new ImageGuard(owned ? file : null, locking != Locking.OFF && lock.supported() ? lock : null);
    }

    /** True when other processes are kept away. */
    boolean locks() {
        return lock != null;
    }

    void prepare(final int permissions, final int shared) throws BlockException {
        if (lock == null) {
            return;
        }
        try {
            lock.prepare(permissions, shared);
        } catch (final ImageLockedException e) {
            throw new BlockException(Kind.IN_USE, String.valueOf(e.getMessage()), e);
        } catch (final PosixException e) {
            throw FileErrors.io(e);
        }
    }

    void commit() {
        if (lock != null) {
            try {
                lock.commit();
            } catch (final PosixException e) {
                LOG.warn("An image stays locked for more than is needed", e);
            }
        }
    }

    void abort() {
        if (lock != null) {
            try {
                lock.abort();
            } catch (final PosixException e) {
                LOG.warn("An image stays locked for more than is needed", e);
            }
        }
    }

    /** Closes the file if the guard owns it, which gives up all locks. */
    void close() {
        if (own != null) {
            own.close();
        }
    }
}
