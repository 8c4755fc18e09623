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
 * that thread alone. {@link #close()} is for that thread too, or for any once it has ended; nothing may be called
 * after it, because the rings are unmapped.
 */
final class IoUring implements AutoCloseable {
    private static final int ENTER_GETEVENTS = 1;
    private static final int ENTER_EXT_ARG = 1 << 3;

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

    private IoUring(final UringMappings mappings) {
        this.mappings = mappings;
        this.registry = new UringRegistry(mappings.file());
        this.submissions = new SubmissionQueue(mappings.rings(), mappings.sqes(), mappings.params());
        this.completions = new CompletionQueue(mappings.rings(), mappings.params());
        this.collectFlags = mappings.mode().collectsOnEnter() ? ENTER_GETEVENTS : 0;
        waitArgument.putLong(WAIT_TIMESPEC_POINTER, waitAddress + WAIT_SECONDS);
    }

    /**
     * Opens a ring in the best mode that the kernel has.
     *
     * @param entries how many operations can be described between two calls into the kernel; rounded up to a power of 2
     * @throws IoUringUnavailableException when there is no io_uring to be had here
     */
    static IoUring open(final int entries) throws PosixException {
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
    void enable() throws PosixException {
        if (mappings.mode().startsDisabled()) {
            registry.enable();
        }
    }

    UringMode mode() {
        return mappings.mode();
    }

    UringRegistry registry() {
        return registry;
    }

    /** True when an operation can be described without entering the kernel first. */
    boolean hasRoom() {
        return submissions.hasRoom();
    }

    /** The next free entry, to be described at once and with a token; only when {@link #hasRoom()}. */
    Sqe next() {
        return submissions.next();
    }

    /** How many described operations the kernel has not taken yet. */
    int queued() {
        return submissions.queued();
    }

    /** Takes back the operation described last, of those the kernel has not taken; returns its token. */
    long retract() {
        return submissions.retract();
    }

    /** True when completions wait inside the kernel for {@link #submit}. */
    boolean kernelHasWork() {
        return submissions.kernelHasWork();
    }

    /**
     * Enters the kernel once: hands over what is described and brings finished completions into the ring.
     *
     * @return how many operations the kernel took; fewer than queued when it is short of memory or completions must be
     *     released first
     */
    int submit() {
        return enter(0, kernelHasWork() ? ENTER_GETEVENTS : collectFlags, 0);
    }

    /**
     * As {@link #submit}, then sleeps until a completion is ready or a timeout ends; may return early for no reason.
     *
     * @param timeoutNs nanoseconds, {@link Long#MAX_VALUE} for no limit
     */
    int await(final long timeoutNs) {
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
                mappings.file().fd(),
                toSubmit,
                minComplete,
                flags,
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
    int ready() {
        return completions.ready();
    }

    /** The token of a ready completion. */
    long token(final int index) {
        return completions.token(index);
    }

    /** The result of a ready completion; a negative one is an error number. */
    int result(final int index) {
        return completions.result(index);
    }

    /** True when the operation behind a ready completion will complete again. */
    boolean more(final int index) {
        return (completions.flags(index) & CqeDescriptor.FLAG_MORE) != 0;
    }

    /** Gives the first ready completions back to the kernel. */
    void release(final int count) {
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
