package io.drivebay.posix;

import io.drivebay.backend.graph.Permission;
import io.drivebay.posix.OfdLocks.Conflict;
import io.drivebay.posix.OfdLocks.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells other programs what this one does with an image, and finds out whether they allow it, on the byte ranges that
 * QEMU's tools use: byte 100+n is locked (shared) by whoever holds permission n, byte 200+n by whoever does not share
 * it. Having locked its own bytes, a user looks for others on the opposite ones.
 *
 * <p>Changes are made in two steps, as a graph needs that changes many nodes or none: {@link #prepare} takes what the
 * new permissions need beside what the old ones hold, and {@link #commit} or {@link #abort} gives the rest back.
 * {@link #acquire} does both. One thread at a time. Closing the file releases everything.
 */
public final class ImageLock {
    private static final long HELD_BASE = 100;
    private static final long UNSHARED_BASE = 200;

    private final PosixFile file;
    private final OfdLocks locks;
    private Bytes held = Bytes.NONE;
    private Bytes prepared = Bytes.NONE;

    /** A lock that holds nothing yet. Does not own the file. */
    public ImageLock(final PosixFile file) {
        this.file = file;
        this.locks = new OfdLocks(file);
    }

    /**
     * Which bytes are locked, as two masks of permissions.
     *
     * @param held those used
     * @param unshared those denied to others
     */
    private record Bytes(int held, int unshared) {
        static final Bytes NONE = new Bytes(0, 0);
    }

    /** True when the kernel and the file system can lock this image. */
    public boolean supported() {
        return locks.supported();
    }

    /**
     * Replaces what is held, in one step.
     *
     * @param permissions mask of {@link Permission}s used
     * @param shared mask of those that others may use
     * @throws ImageLockedException when someone else is in the way; what was held before stays held
     */
    public void acquire(final int permissions, final int shared) throws PosixException {
        prepare(permissions, shared);
        commit();
    }

    /** Takes what new permissions need, beside what is held. Throws as {@link #acquire}, with nothing changed. */
    public void prepare(final int permissions, final int shared) throws PosixException {
        final Bytes wanted = new Bytes(permissions, ~shared & Permission.ALL);
        try {
            lock(wanted);
            checkOthers(wanted);
        } catch (final PosixException e) {
            unlockAllBut(held);
            throw e;
        }
        prepared = wanted;
    }

    /** Keeps what was prepared and gives back what only the former permissions needed. */
    public void commit() throws PosixException {
        unlockAllBut(prepared);
        held = prepared;
    }

    /** Gives back what only the prepared permissions needed. */
    public void abort() throws PosixException {
        unlockAllBut(held);
        prepared = held;
    }

    /** Gives everything back. */
    public void release() throws PosixException {
        prepared = Bytes.NONE;
        commit();
    }

    private void lock(final Bytes wanted) throws PosixException {
        for (final Permission permission : Permission.values()) {
            if (permission.in(wanted.held)) {
                lock(HELD_BASE, permission, "");
            }
        }
        for (final Permission permission : Permission.values()) {
            if (permission.in(wanted.unshared)) {
                lock(UNSHARED_BASE, permission, "shared ");
            }
        }
    }

    private void lock(final long base, final Permission permission, final String which) throws PosixException {
        final long at = base + permission.ordinal();
        if (!locks.tryLock(Kind.SHARED, at, 1)) {
            throw refused(permission, which, locks.conflict(Kind.SHARED, at, 1));
        }
    }

    private void checkOthers(final Bytes wanted) throws PosixException {
        for (final Permission permission : Permission.values()) {
            if (permission.in(wanted.held)) {
                checkOthers(UNSHARED_BASE, permission, "");
            }
        }
        for (final Permission permission : Permission.values()) {
            if (permission.in(wanted.unshared)) {
                checkOthers(HELD_BASE, permission, "shared ");
            }
        }
    }

    private void checkOthers(final long base, final Permission permission, final String which) throws PosixException {
        final Conflict conflict = locks.conflict(Kind.EXCLUSIVE, base + permission.ordinal(), 1);
        if (conflict != null) {
            throw refused(permission, which, conflict);
        }
    }

    private ImageLockedException refused(
            final Permission permission, final String which, final @Nullable Conflict conflict) {
        final String holder = conflict == null ? "someone who is gone now" : LockHolders.describe(file, conflict);
        final String message = "Failed to get " + which + "\"" + words(permission) + "\" lock on " + file.path()
                + ": the image is in use by " + holder;
        return new ImageLockedException(permission, message);
    }

    private static String words(final Permission permission) {
        return permission.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private void unlockAllBut(final Bytes kept) throws PosixException {
        for (final Permission permission : Permission.values()) {
            if (!permission.in(kept.held)) {
                locks.unlock(HELD_BASE + permission.ordinal(), 1);
            }
            if (!permission.in(kept.unshared)) {
                locks.unlock(UNSHARED_BASE + permission.ordinal(), 1);
            }
        }
    }
}
