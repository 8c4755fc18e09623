package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import java.lang.ref.Reference;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * An open file, device or directory.
 *
 * <p>Safe for any thread, except that {@link #close()} must come after all calls: a descriptor number is reused by the
 * next open. Transfers take raw addresses: the caller keeps the memory alive, and aligned when the file is direct.
 */
public final class PosixFile implements AutoCloseable {
    /** The mode of created files, before the umask. */
    public static final int DEFAULT_MODE = 0644;

    /** What {@link #seekData} and {@link #seekHole} return when there is nothing more of it. */
    public static final long NOT_FOUND = -1;

    private static final int F_GETFL = 3;
    private static final int F_SETFL = 4;
    private static final int O_NONBLOCK = 0x800;
    private static final int SEEK_DATA = 3;
    private static final int SEEK_HOLE = 4;
    private static final int AT_EMPTY_PATH = 0x1000;
    private static final int AT_FDCWD = -100;

    private final int fd;
    private final String path;
    private final AtomicBoolean closed = new AtomicBoolean();

    private PosixFile(final int fd, final String path) {
        this.fd = fd;
        this.path = path;
    }

    /** Opens a path; a file created by it gets {@link #DEFAULT_MODE}. */
    public static PosixFile open(final String path, final OpenFlag... flags) throws PosixException {
        return open(path, DEFAULT_MODE, flags);
    }

    /** Opens a path with the permissions a created file gets (before the umask). */
    public static PosixFile open(final String path, final int mode, final OpenFlag... flags) throws PosixException {
        final long address = Scratch.zeroed().path(path, "open");
        final int bits = OpenFlag.bitsOf(flags);
        int fd;
        do {
            fd = LibC.open(address, bits, mode);
        } while (Calls.interrupted(fd));
        if (fd < 0) {
            throw openFailure(LibC.errno(), path, (bits & Abi.O_DIRECT) != 0);
        }
        return new PosixFile(fd, path);
    }

    /** Takes over a descriptor that was opened elsewhere, and closes it in the end. */
    public static PosixFile adopt(final int fd, final String name) {
        if (fd < 0) {
            throw new IllegalArgumentException("fd=" + fd + " is not a descriptor");
        }
        return new PosixFile(fd, name);
    }

    private static PosixException openFailure(final int errno, final String path, final boolean direct) {
        if (Errno.EINVAL.is(errno) && direct) {
            final String hint = "The file system may not support O_DIRECT: open without direct I/O";
            return new PosixException(errno, "open with O_DIRECT", path, hint);
        }
        return Calls.failure(errno, "open", path);
    }

    /** The descriptor. Throws once this object is closed: the number may belong to another file by then. */
    public int fd() {
        if (closed.get()) {
            throw new IllegalStateException(path + " is closed");
        }
        return fd;
    }

    /** The path it was opened with, or the name it was adopted under. */
    public String path() {
        return path;
    }

    /**
     * Reads at an offset.
     *
     * @return bytes read: fewer than asked for at the end of the file, 0 beyond it
     */
    public int pread(final long address, final int lengthBytes, final long offsetBytes) throws PosixException {
        long done;
        do {
            done = LibC.pread(fd(), address, lengthBytes, offsetBytes);
        } while (Calls.interrupted(done));
        return transferred(done, "read", lengthBytes, "bytes", offsetBytes);
    }

    /** Writes at an offset. Returns bytes written, which may be fewer than asked for. */
    public int pwrite(final long address, final int lengthBytes, final long offsetBytes) throws PosixException {
        long done;
        do {
            done = LibC.pwrite(fd(), address, lengthBytes, offsetBytes);
        } while (Calls.interrupted(done));
        return transferred(done, "write", lengthBytes, "bytes", offsetBytes);
    }

    /** Reads into a list's memory. Returns bytes read, as {@link #pread}. */
    public int preadv(final IoVector vector, final long offsetBytes) throws PosixException {
        final MemoryRegion iovecs = iovecs(vector);
        try {
            return preadv(NativeMemory.addressOf(iovecs), vector.count(), offsetBytes);
        } finally {
            Reference.reachabilityFence(iovecs);
        }
    }

    /** Writes from a list's memory. Returns bytes written, as {@link #pwrite}. */
    public int pwritev(final IoVector vector, final long offsetBytes) throws PosixException {
        final MemoryRegion iovecs = iovecs(vector);
        try {
            return pwritev(NativeMemory.addressOf(iovecs), vector.count(), offsetBytes);
        } finally {
            Reference.reachabilityFence(iovecs);
        }
    }

    private static MemoryRegion iovecs(final IoVector vector) {
        IovecDescriptor.check(vector);
        final MemoryRegion iovecs = IovecDescriptor.allocate(vector.count());
        IovecDescriptor.fill(iovecs, vector);
        return iovecs;
    }

    private int preadv(final long iovecs, final int count, final long offsetBytes) throws PosixException {
        long done;
        do {
            done = LibC.preadv(fd(), iovecs, count, offsetBytes);
        } while (Calls.interrupted(done));
        return transferred(done, "read", count, "segments", offsetBytes);
    }

    private int pwritev(final long iovecs, final int count, final long offsetBytes) throws PosixException {
        long done;
        do {
            done = LibC.pwritev(fd(), iovecs, count, offsetBytes);
        } while (Calls.interrupted(done));
        return transferred(done, "write", count, "segments", offsetBytes);
    }

    private int transferred(
            final long done, final String verb, final int amount, final String unit, final long offsetBytes)
            throws PosixException {
        if (done < 0) {
            final int errno = LibC.errno();
            final String hint = Errno.EINVAL.is(errno)
                    ? "Direct I/O needs aligned addresses, lengths and offsets; offsets must not be negative"
                    : "";
            throw new PosixException(errno, verb + " of " + amount + " " + unit + " at " + offsetBytes, path, hint);
        }
        return (int) done;
    }

    /** Makes written data and all metadata durable. */
    public void fsync() throws PosixException {
        int result;
        do {
            result = LibC.fsync(fd());
        } while (Calls.interrupted(result));
        Calls.check(result, "fsync", path);
    }

    /** Makes written data, and the metadata needed to read it back, durable. */
    public void fdatasync() throws PosixException {
        int result;
        do {
            result = LibC.fdatasync(fd());
        } while (Calls.interrupted(result));
        Calls.check(result, "fdatasync", path);
    }

    /** Reserves, zeroes or gives back a range. */
    public void fallocate(final FallocateMode mode, final long offsetBytes, final long lengthBytes)
            throws PosixException {
        int result;
        do {
            result = LibC.fallocate(fd(), mode.bits(), offsetBytes, lengthBytes);
        } while (Calls.interrupted(result));
        if (result < 0) {
            final String attempted = "fallocate " + mode + " of " + lengthBytes + " bytes at " + offsetBytes;
            throw Calls.failure(LibC.errno(), attempted, path);
        }
    }

    /** Cuts or extends the file; what is added reads as zeroes. */
    public void truncate(final long sizeBytes) throws PosixException {
        int result;
        do {
            result = LibC.ftruncate(fd(), sizeBytes);
        } while (Calls.interrupted(result));
        Calls.check(result, "truncate to " + sizeBytes, path);
    }

    /** What the kernel says about the file now. */
    public FileStatus status() throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        return statx(scratch, fd(), scratch.path("", "statx"), AT_EMPTY_PATH, path);
    }

    /** What the kernel says about the file behind a path; symbolic links are followed. */
    public static FileStatus statusOf(final String path) throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        return statx(scratch, AT_FDCWD, scratch.path(path, "statx"), 0, path);
    }

    private static FileStatus statx(
            final Scratch scratch, final int fd, final long pathAddress, final int flags, final String name)
            throws PosixException {
        final long result =
                LibC.syscall(Abi.SYS_STATX, fd, pathAddress, flags, StatxDescriptor.WANTED, scratch.address(), 0);
        Calls.check(result, "statx", name);
        return StatxDescriptor.decode(scratch.structure());
    }

    /** Offset of the first data at or after an offset; {@link #NOT_FOUND} when there is only hole to the end. */
    public long seekData(final long offsetBytes) throws PosixException {
        return seek(offsetBytes, SEEK_DATA, "SEEK_DATA");
    }

    /** Offset of the first hole at or after an offset (the end counts as one); {@link #NOT_FOUND} beyond the end. */
    public long seekHole(final long offsetBytes) throws PosixException {
        return seek(offsetBytes, SEEK_HOLE, "SEEK_HOLE");
    }

    private long seek(final long offsetBytes, final int whence, final String name) throws PosixException {
        final long found = LibC.lseek(fd(), offsetBytes, whence);
        if (found >= 0) {
            return found;
        }
        final int errno = LibC.errno();
        if (Errno.ENXIO.is(errno)) {
            return NOT_FOUND;
        }
        throw Calls.failure(errno, name + " from " + offsetBytes, path);
    }

    /** True when transfers bypass the page cache. */
    public boolean direct() throws PosixException {
        return (Calls.check(LibC.fcntl(fd(), F_GETFL, 0), "fcntl F_GETFL", path) & Abi.O_DIRECT) != 0;
    }

    /** Turns O_DIRECT on or off for this open file (and every duplicate of its descriptor). */
    public void direct(final boolean on) throws PosixException {
        final int flags = Calls.check(LibC.fcntl(fd(), F_GETFL, 0), "fcntl F_GETFL", path);
        final int wanted = on ? flags | Abi.O_DIRECT : flags & ~Abi.O_DIRECT;
        Calls.check(LibC.fcntl(fd(), F_SETFL, wanted), on ? "turning on O_DIRECT" : "turning off O_DIRECT", path);
    }

    /** Makes calls that would have to wait fail instead, for every duplicate of the descriptor too. */
    public void nonBlocking() throws PosixException {
        final int flags = Calls.check(LibC.fcntl(fd(), F_GETFL, 0), "fcntl F_GETFL", path);
        Calls.check(LibC.fcntl(fd(), F_SETFL, flags | O_NONBLOCK), "fcntl F_SETFL", path);
    }

    /** Closes the descriptor; later calls do nothing. A failure is not reported: data was flushed or is not durable. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            LibC.close(fd);
        }
    }

    @Override
    public String toString() {
        return path + " (fd " + fd + ")";
    }
}
