package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;

/**
 * Waits for descriptors to become ready. One thread.
 *
 * <pre>
 * struct epoll_event   x86-64 (packed):  0 events   4 data        12 bytes
 *                      aarch64:          0 events   8 data        16 bytes
 * </pre>
 */
public final class Epoll implements AutoCloseable {
    /** Ready to read. */
    public static final int READABLE = 0x001;
    /** An error is pending; always reported. */
    public static final int ERROR = 0x008;
    /** The other side hung up; always reported. */
    public static final int HANG_UP = 0x010;
    /** Reported once for each change, not as long as it lasts. */
    public static final int EDGE_TRIGGERED = 1 << 31;

    private static final int CLOEXEC = 0x80000;
    private static final int CTL_ADD = 1;
    private static final int CTL_DELETE = 2;
    private static final int DATA_OFFSET = Abi.X86_64 ? 4 : 8;
    private static final int EVENT_BYTES = Abi.X86_64 ? 12 : 16;
    private static final int TIMESPEC_BYTES = 16;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long NANOS_PER_MILLI = 1_000_000L;

    private final PosixFile file;
    private final int maxEvents;
    private final MemoryRegion memory;
    private final long eventsAddress;
    private final long timespecAddress;
    private final int timespecOffset;
    private boolean nanosecondTimeouts = true;

    private Epoll(final PosixFile file, final int maxEvents) {
        this.file = file;
        this.maxEvents = maxEvents;
        this.timespecOffset = (maxEvents * EVENT_BYTES + TIMESPEC_BYTES - 1) & -TIMESPEC_BYTES;
        this.memory = MemoryRegion.allocate(timespecOffset + TIMESPEC_BYTES);
        this.eventsAddress = NativeMemory.addressOf(memory);
        this.timespecAddress = eventsAddress + timespecOffset;
    }

    /** A waiter that learns of at most so many events at a time. */
    public static Epoll create(final int maxEvents) throws PosixException {
        final int fd = Calls.check(LibC.epoll_create1(CLOEXEC), "epoll_create1", "an event queue");
        return new Epoll(PosixFile.adopt(fd, "epoll"), maxEvents);
    }

    /** Begins to watch a descriptor; the token comes back with its events. */
    public void add(final int fd, final int events, final long token) throws PosixException {
        control(CTL_ADD, fd, events, token);
    }

    /** Ends watching a descriptor; to be called before it is closed. */
    public void remove(final int fd) throws PosixException {
        control(CTL_DELETE, fd, 0, 0);
    }

    private void control(final int operation, final int fd, final int events, final long token) throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        scratch.structure().putInt(0, events);
        scratch.structure().putLong(DATA_OFFSET, token);
        final int result = LibC.epoll_ctl(file.fd(), operation, fd, scratch.address());
        Calls.check(result, "epoll_ctl", "fd " + fd);
    }

    /**
     * Waits for events or the end of a timeout.
     *
     * @param timeoutNs nanoseconds; {@link Long#MAX_VALUE} for no limit, 0 for no wait
     * @return how many events {@link #token} and {@link #events} tell of; 0 also after a signal
     */
    public int await(final long timeoutNs) throws PosixException {
        final long ready = nanosecondTimeouts
                ? pwait2(timeoutNs)
                : LibC.epoll_wait(file.fd(), eventsAddress, maxEvents, toMillis(timeoutNs));
        if (ready >= 0) {
            return (int) ready;
        }
        final int errno = LibC.errno();
        if (Errno.EINTR.is(errno)) {
            return 0;
        }
        if (nanosecondTimeouts && (Errno.ENOSYS.is(errno) || Errno.EPERM.is(errno))) {
            nanosecondTimeouts = false;
            return await(timeoutNs);
        }
        throw Calls.failure(errno, "epoll_wait", file.path());
    }

    private long pwait2(final long timeoutNs) {
        final boolean limited = timeoutNs != Long.MAX_VALUE;
        if (limited) {
            memory.putLong(timespecOffset, timeoutNs / NANOS_PER_SECOND);
            memory.putLong(timespecOffset + Long.BYTES, timeoutNs % NANOS_PER_SECOND);
        }
        return LibC.syscall(
                Abi.SYS_EPOLL_PWAIT2, file.fd(), eventsAddress, maxEvents, limited ? timespecAddress : 0, 0, 0);
    }

    /** Rounded up, so that a timer never fires early. */
    private static int toMillis(final long timeoutNs) {
        if (timeoutNs == Long.MAX_VALUE) {
            return -1;
        }
        final long millis = timeoutNs / NANOS_PER_MILLI + (timeoutNs % NANOS_PER_MILLI == 0 ? 0 : 1);
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }

    /** The token of an event of the last {@link #await}. */
    public long token(final int index) {
        return memory.getLong(index * EVENT_BYTES + DATA_OFFSET);
    }

    /** The event bits of an event of the last {@link #await}. */
    public int events(final int index) {
        return memory.getInt(index * EVENT_BYTES);
    }

    @Override
    public void close() {
        file.close();
    }
}
