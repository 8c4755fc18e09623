package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;

/** A counter in the kernel that any thread raises and one thread, asleep in poll or io_uring, is woken by. */
public final class EventFd implements AutoCloseable {
    private static final int EFD_CLOEXEC = 0x80000;
    private static final int EFD_NONBLOCK = 0x800;
    private static final MemoryRegion ONE = one();
    private static final long ONE_ADDRESS = NativeMemory.addressOf(ONE);

    private final PosixFile file;
    private final MemoryRegion count = MemoryRegion.allocate(Long.BYTES);
    private final long countAddress = NativeMemory.addressOf(count);

    private EventFd(final PosixFile file) {
        this.file = file;
    }

    private static MemoryRegion one() {
        final MemoryRegion region = MemoryRegion.allocate(Long.BYTES);
        region.putLong(0, 1);
        return region;
    }

    /** A counter at 0, closed on exec, never blocking. */
    public static EventFd create() throws PosixException {
        final int fd = Calls.check(LibC.eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd", "an event counter");
        return new EventFd(PosixFile.adopt(fd, "eventfd"));
    }

    /**
     * Takes over an event descriptor that another process has passed, and makes it non-blocking for both. Pipes and
     * sockets will do: they are raised by eight bytes.
     *
     * @throws PosixException EINVAL for a file, a directory or a device, which could never be waited for; the
     *     descriptor is closed then
     */
    public static EventFd adopt(final PosixFile passed) throws PosixException {
        try {
            if (passed.status().kind() != FileStatus.Kind.OTHER) {
                throw Calls.failure(Errno.EINVAL.number(), "use as an event descriptor", passed.path());
            }
            passed.nonBlocking();
        } catch (final PosixException e) {
            passed.close();
            throw e;
        }
        return new EventFd(passed);
    }

    /** The descriptor, for poll and io_uring. */
    public int fd() {
        return file.fd();
    }

    /** Adds one. Any thread. A counter that is full is as raised as can be, so that is no failure. */
    public void signal() {
        long written;
        do {
            written = LibC.write(file.fd(), ONE_ADDRESS, Long.BYTES);
        } while (Calls.interrupted(written));
    }

    /** Sets the counter to 0 and returns what it was. One thread at a time. */
    public long drain() {
        long read;
        do {
            read = LibC.read(file.fd(), countAddress, Long.BYTES);
        } while (Calls.interrupted(read));
        return read == Long.BYTES ? count.getLong(0) : 0;
    }

    @Override
    public void close() {
        file.close();
    }
}
