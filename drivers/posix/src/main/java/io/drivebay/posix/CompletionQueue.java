package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;

/** The completion side of a ring: looked at in place, then given back to the kernel all at once. */
final class CompletionQueue {
    private final MemoryRegion ring;
    private final int headOffset;
    private final int tailOffset;
    private final int entriesOffset;
    private final int mask;
    private int head;

    CompletionQueue(final MemoryRegion ring, final MemoryRegion params) {
        this.ring = ring;
        this.headOffset = params.getInt(RingParamsDescriptor.CQ_HEAD);
        this.tailOffset = params.getInt(RingParamsDescriptor.CQ_TAIL);
        this.entriesOffset = params.getInt(RingParamsDescriptor.CQ_CQES);
        this.mask = params.getInt(RingParamsDescriptor.CQ_ENTRIES) - 1;
    }

    /** How many completions can be looked at, as indices from 0. */
    int ready() {
        return ring.getIntAcquire(tailOffset) - head;
    }

    long token(final int index) {
        return ring.getLong(at(index) + CqeDescriptor.USER_DATA);
    }

    int result(final int index) {
        return ring.getInt(at(index) + CqeDescriptor.RESULT);
    }

    int flags(final int index) {
        return ring.getInt(at(index) + CqeDescriptor.FLAGS);
    }

    /** Gives the first completions back to the kernel. */
    void release(final int count) {
        head += count;
        ring.putIntRelease(headOffset, head);
    }

    private int at(final int index) {
        return entriesOffset + ((head + index) & mask) * CqeDescriptor.BYTES;
    }
}
