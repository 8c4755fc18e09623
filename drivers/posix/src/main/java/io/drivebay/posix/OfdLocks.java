package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import org.jspecify.annotations.Nullable;

/**
 * Byte-range locks that belong to one open file (not to the process), so that two users of an image are kept apart
 * even within one process. They are advisory and go when the last descriptor of the open file is closed.
 *
 * <pre>
 * struct flock (64 bit): 0 type(16)  2 whence(16)  8 start  16 length  24 pid(32)
 * </pre>
 */
public final class OfdLocks {
    private static final int F_OFD_GETLK = 36;
    private static final int F_OFD_SETLK = 37;
    private static final int WHENCE = 2;
    private static final int START = 8;
    private static final int LENGTH = 16;
    private static final int PID = 24;
    private static final short SEEK_SET = 0;

    private final PosixFile file;

    /** Locks of an open file. Does not own it. */
    public OfdLocks(final PosixFile file) {
        this.file = file;
    }

    /** How a range is locked. */
    public enum Kind {
        /** Many may hold it; needs a file open for reading. */
        SHARED(0),
        /** Nobody else holds any; needs a file open for writing. */
        EXCLUSIVE(1);

        private final int code;

        Kind(final int code) {
            this.code = code;
        }
    }

    /**
     * A lock of someone else that is in the way.
     *
     * @param kind how it is held
     * @param startByte first byte of its range
     * @param lengthBytes length of its range, 0 when it reaches to infinity
     * @param pid the process for a classic lock; -1 when the lock belongs to an open file
     */
    public record Conflict(Kind kind, long startByte, long lengthBytes, int pid) {}

    /** True when the kernel and the file system know such locks. */
    public boolean supported() {
        try {
            conflict(Kind.SHARED, 0, 1);
            return true;
        } catch (final PosixException e) {
            return false;
        }
    }

    /**
     * Locks a range without waiting; a lock of the same open file on it is converted.
     *
     * @return false when someone else's lock is in the way
     */
    public boolean tryLock(final Kind kind, final long startByte, final long lengthBytes) throws PosixException {
        if (set(kind.code, startByte, lengthBytes) == 0) {
            return true;
        }
        final int errno = LibC.errno();
        if (Errno.EAGAIN.is(errno) || Errno.EACCES.is(errno)) {
            return false;
        }
        final String attempted = "locking (" + kind + ") of bytes " + startByte + "+" + lengthBytes;
        throw new PosixException(errno, attempted, file.path(), hint(errno));
    }

    /** Unlocks a range; what is not locked stays so. */
    public void unlock(final long startByte, final long lengthBytes) throws PosixException {
        final int unlock = 2;
        Calls.check(set(unlock, startByte, lengthBytes), "unlocking", file.path());
    }

    /** Some lock of someone else that would prevent a lock; null when there is none. */
    public @Nullable Conflict conflict(final Kind kind, final long startByte, final long lengthBytes)
            throws PosixException {
        final Scratch scratch = flock(kind.code, startByte, lengthBytes);
        final MemoryRegion flock = scratch.structure();
        final int result = LibC.fcntl(file.fd(), F_OFD_GETLK, scratch.address());
        Calls.check(result, "fcntl F_OFD_GETLK", file.path());
        return switch (flock.getShort(0)) {
            case 0 -> found(Kind.SHARED, flock);
            case 1 -> found(Kind.EXCLUSIVE, flock);
            default -> null;
        };
    }

    private static Conflict found(final Kind kind, final MemoryRegion flock) {
        return new Conflict(kind, flock.getLong(START), flock.getLong(LENGTH), flock.getInt(PID));
    }

    private int set(final int code, final long startByte, final long lengthBytes) {
        final Scratch scratch = flock(code, startByte, lengthBytes);
        int result;
        do {
            result = LibC.fcntl(file.fd(), F_OFD_SETLK, scratch.address());
        } while (Calls.interrupted(result));
        return result;
    }

    private static Scratch flock(final int code, final long startByte, final long lengthBytes) {
        final Scratch scratch = Scratch.zeroed();
        scratch.structure().putShort(0, (short) code);
        scratch.structure().putShort(WHENCE, SEEK_SET);
        scratch.structure().putLong(START, startByte);
        scratch.structure().putLong(LENGTH, lengthBytes);
        return scratch;
    }

    private static String hint(final int errno) {
        if (Errno.ENOLCK.is(errno) || Errno.EINVAL.is(errno) || Errno.EOPNOTSUPP.is(errno)) {
            return "This file system has no such locks: open with locking off, and keep other users away";
        }
        return Errno.EBADF.is(errno) ? "An exclusive lock needs a file that is open for writing" : "";
    }
}
