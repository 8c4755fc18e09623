package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * A pair of rings shared with the kernel: operations are described in one, completions appear in the other.
 *
 * <p>Describing ({@link #next}), entering the kernel ({@link #submit}, {@link #await}) and looking at completions
 * ({@link #ready}, {@link #release}) are separate steps, and no code of the user runs inside any of them.
 *
 * <p>May be opened by any thread; {@link #enable()} binds it to the one that calls it, and all other methods are for
 * that thread alone. {@link #close()} is for that thread too, or for any once it has ended.
 */
public final class IoUring implements AutoCloseable {
    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 1 << 3;
    private static final int ENTER_REGISTERED_RING = 1 << 4;

    /** {@code struct io_uring_getevents_arg}: sigmask(64) sigmask_sz(32) pad(32) ts(64), then our timespec. */
    private static final int WAIT_TIMESPEC_POINTER = 16;

    private static final int WAIT_ARGUMENT_BYTES = 24;
    private static final int WAIT_SECONDS = 24;
    private static final int WAIT_NANOS = 32;
    private static final int WAIT_BYTES = 40;
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final UringMappings mappings;
    private final UringRegistry registry;
    private final SubmissionQueue submissions;
    private final CompletionQueue completions;
    private final MemoryRegion waitArgument = MemoryRegion.allocate(WAIT_BYTES);
    private final long waitAddress = NativeMemory.addressOf(waitArgument);
    private final int collectFlags;

    private long enterFd;
    private int enterFlags;

    private IoUring(final UringMappings mappings) {
        this.mappings = mappings;
        this.registry = new UringRegistry(mappings.file().fd());
        this.submissions = new SubmissionQueue(mappings.rings(), mappings.sqes(), mappings.params());
        this.completions = new CompletionQueue(mappings.rings(), mappings.params());
        this.collectFlags = mappings.mode().collectsOnEnter() ? ENTER_GETEVENTS : 0;
        this.enterFd = mappings.file().fd();
        waitArgument.putLong(WAIT_TIMESPEC_POINTER, waitAddress + WAIT_SECONDS);
    }

    /**
     * Opens a ring in the best mode that the kernel has.
     *
     * @param entries how many operations can be described between two calls into the kernel; rounded up to a power of 2
     * @throws IoUringUnavailableException when there is no io_uring to be had here
     */
    public static IoUring open(final int entries) throws PosixException {
        return open(entries, 2 * entries, EnumSet.allOf(UringMode.class));
    }

    static IoUring open(final int entries, final int completionEntries, final Set<UringMode> modes)
            throws PosixException {
        final UringMappings mappings = UringMappings.create(entries, completionEntries, modes);
        final IoUring ring = new IoUring(mappings);
        try {
            ring.registry.requireOperations();
            return ring;
        } catch (final PosixException e) {
            ring.close();
            throw e;
        }
    }

    /** Binds the ring to this thread. Comes before anything is submitted. */
    public void enable() throws PosixException {
        if (mappings.mode().startsDisabled()) {
            registry.enable();
        }
        final int index = registry.registerRing();
        if (index >= 0) {
            enterFd = index;
            enterFlags = ENTER_REGISTERED_RING;
        }
    }

    UringMode mode() {
        return mappings.mode();
    }

    UringRegistry registry() {
        return registry;
    }

    /** True when an operation can be described without entering the kernel first. */
    public boolean hasRoom() {
        return submissions.hasRoom();
    }

    /** The next free entry, to be described at once and with a token; only when {@link #hasRoom()}. */
    public Sqe next() {
        return submissions.next();
    }

    /** How many described operations the kernel has not taken yet. */
    public int queued() {
        return submissions.queued();
    }

    /** True when completions wait inside the kernel for {@link #submit}. */
    public boolean kernelHasWork() {
        return submissions.kernelHasWork();
    }

    /**
     * Enters the kernel once: hands over what is described and brings finished completions into the ring.
     *
     * @return how many operations the kernel took; fewer than queued when it is short of memory or completions must be
     *     released first
     */
    public int submit() {
        return enter(0, collectFlags, 0);
    }

    /**
     * As {@link #submit}, then sleeps until a completion is ready or a timeout ends; may return early for no reason.
     *
     * @param timeoutNs nanoseconds, {@link Long#MAX_VALUE} for no limit
     */
    public int await(final long timeoutNs) {
        if (timeoutNs == Long.MAX_VALUE) {
            return enter(1, ENTER_GETEVENTS, 0);
        }
        waitArgument.putLong(WAIT_SECONDS, timeoutNs / NANOS_PER_SECOND);
        waitArgument.putLong(WAIT_NANOS, timeoutNs % NANOS_PER_SECOND);
        return enter(1, ENTER_GETEVENTS | ENTER_EXT_ARG, waitAddress);
    }

    private int enter(final int minComplete, final int flags, final long argument) {
        final int toSubmit = submissions.publish();
        final long taken = LibC.syscall(
                Abi.SYS_IO_URING_ENTER,
                enterFd,
                toSubmit,
                minComplete,
                flags | enterFlags,
                argument,
                argument == 0 ? 0 : WAIT_ARGUMENT_BYTES);
        submissions.refresh();
        if (taken >= 0) {
            return (int) taken;
        }
        final int errno = LibC.errno();
        if (Errno.EINTR.is(errno) || Errno.ETIME.is(errno) || Errno.EAGAIN.is(errno) || Errno.EBUSY.is(errno)) {
            return 0;
        }
        final String hint = Errno.EEXIST.is(errno) ? "Only the thread that enabled a ring may use it" : "";
        throw new UncheckedIOException(new PosixException(errno, "io_uring_enter", "an io_uring", hint));
    }

    /** How many completions can be looked at, as indices from 0. */
    public int ready() {
        return completions.ready();
    }

    /** The token of a ready completion. */
    public long token(final int index) {
        return completions.token(index);
    }

    /** The result of a ready completion; a negative one is an error number. */
    public int result(final int index) {
        return completions.result(index);
    }

    /** True when the operation behind a ready completion will complete again. */
    public boolean more(final int index) {
        return (completions.flags(index) & CqeDescriptor.FLAG_MORE) != 0;
    }

    /** Gives the first ready completions back to the kernel. */
    public void release(final int count) {
        completions.release(count);
    }

    /** Closes the ring. Operations still in flight are canceled or finish later: wait for them first. */
    @Override
    public void close() {
        mappings.close();
    }

    @Override
    public String toString() {
        return "IoUring[" + mappings.mode() + ", " + submissions.entries() + " entries]";
    }
}
