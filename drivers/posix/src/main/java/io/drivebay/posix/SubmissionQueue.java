package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;

/**
 * The submission side of a ring: entries are described at a private tail and published before the kernel is entered.
 *
 * <p>The kernel's index array is filled once with 0, 1, 2...: entry i is always described by array slot i.
 */
final class SubmissionQueue {
    private static final int FLAG_CQ_OVERFLOW = 1 << 1;
    private static final int FLAG_TASKRUN = 1 << 2;

    private final MemoryRegion ring;
    private final MemoryRegion sqes;
    private final int headOffset;
    private final int tailOffset;
    private final int flagsOffset;
    private final int entries;
    private final Sqe sqe;
    private int tail;
    private int knownHead;

    SubmissionQueue(final MemoryRegion ring, final MemoryRegion sqes, final MemoryRegion params) {
        this.ring = ring;
        this.sqes = sqes;
        this.headOffset = params.getInt(RingParamsDescriptor.SQ_HEAD);
        this.tailOffset = params.getInt(RingParamsDescriptor.SQ_TAIL);
        this.flagsOffset = params.getInt(RingParamsDescriptor.SQ_FLAGS);
        this.entries = params.getInt(RingParamsDescriptor.SQ_ENTRIES);
        this.sqe = new Sqe(sqes);
        final int arrayOffset = params.getInt(RingParamsDescriptor.SQ_ARRAY);
        for (int i = 0; i < entries; i++) {
            ring.putInt(arrayOffset + i * Integer.BYTES, i);
        }
    }

    boolean hasRoom() {
        if (tail - knownHead < entries) {
            return true;
        }
        knownHead = ring.getIntAcquire(headOffset);
        return tail - knownHead < entries;
    }

    /** The next free entry; only after {@link #hasRoom()}. */
    Sqe next() {
        assert tail - knownHead < entries : "the submission queue is full";
        return sqe.moveTo(tail++ & (entries - 1));
    }

    /** Lets the kernel see all described entries; returns how many it has not taken yet. */
    int publish() {
        ring.putIntRelease(tailOffset, tail);
        knownHead = ring.getIntAcquire(headOffset);
        return tail - knownHead;
    }

    /** How many entries were described and, as far as known, not taken. */
    int queued() {
        return tail - knownHead;
    }

    /** Takes back the last entry and returns its token; only when something is queued. */
    long retract() {
        assert queued() > 0 : "nothing is queued";
        tail--;
        return sqes.getLong((tail & (entries - 1)) * SqeDescriptor.BYTES + SqeDescriptor.USER_DATA);
    }

    /** Learns what the kernel has taken. */
    void refresh() {
        knownHead = ring.getIntAcquire(headOffset);
    }

    /** True when only an entry into the kernel brings completions into the ring. */
    boolean kernelHasWork() {
        return (ring.getIntAcquire(flagsOffset) & (FLAG_CQ_OVERFLOW | FLAG_TASKRUN)) != 0;
    }

    int entries() {
        return entries;
    }
}
