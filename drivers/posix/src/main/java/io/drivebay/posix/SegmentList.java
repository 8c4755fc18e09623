package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;

/**
 * The pieces of memory one vectored read or write moves, in order. Reused: cleared, filled, handed over, cleared again.
 *
 * <p>Holds addresses only; whoever fills it keeps the memory alive until the transfer is done. One thread at a time.
 */
public final class SegmentList {
    /** The most segments one transfer takes. */
    public static final int MAX_SEGMENTS = IovecDescriptor.MAX_COUNT;

    /** The most bytes one transfer moves: Linux cuts longer ones. */
    public static final long MAX_BYTES = 0x7ffff000L;

    private static final int FIRST_CAPACITY = 16;

    private MemoryRegion iovecs = MemoryRegion.allocate(FIRST_CAPACITY * IovecDescriptor.BYTES);
    private int count;
    private long bytes;

    /** Forgets all segments. */
    public void clear() {
        count = 0;
        bytes = 0;
    }

    /**
     * Appends a segment.
     *
     * @return false, with nothing changed, when the list is full in segments or bytes
     */
    public boolean add(final long address, final int lengthBytes) {
        if (lengthBytes < 0) {
            throw new IllegalArgumentException("lengthBytes=" + lengthBytes + " is negative");
        }
        if (count == MAX_SEGMENTS || bytes + lengthBytes > MAX_BYTES) {
            return false;
        }
        if (count * IovecDescriptor.BYTES == iovecs.size()) {
            iovecs = grown(iovecs, count + 1);
        }
        IovecDescriptor.put(iovecs, count, address, lengthBytes);
        count++;
        bytes += lengthBytes;
        return true;
    }

    /** Appends a range of a region. */
    public boolean add(final MemoryRegion region, final int offset, final int lengthBytes) {
        java.util.Objects.checkFromIndexSize(offset, lengthBytes, region.size());
        return add(NativeMemory.addressOf(region) + offset, lengthBytes);
    }

    /** How many segments there are. */
    public int count() {
        return count;
    }

    /** Sum of the lengths. */
    public long bytes() {
        return bytes;
    }

    long address(final int index) {
        return IovecDescriptor.address(iovecs, index);
    }

    int lengthBytes(final int index) {
        return (int) IovecDescriptor.lengthBytes(iovecs, index);
    }

    /** Address of the iovec array; valid until the next {@link #add}. */
    long iovecAddress() {
        return NativeMemory.addressOf(iovecs);
    }

    void copyTo(final MemoryRegion target) {
        target.copyFrom(0, iovecs, 0, count * IovecDescriptor.BYTES);
    }

    /** A larger array with the same content, for at least a number of segments. */
    private static MemoryRegion grown(final MemoryRegion old, final int count) {
        final MemoryRegion larger = MemoryRegion.allocate(capacityFor(count) * IovecDescriptor.BYTES);
        larger.copyFrom(0, old, 0, old.size());
        return larger;
    }

    /** 16, 64, 256 or 1024 segments: few steps, so that arrays settle soon. */
    static int capacityFor(final int count) {
        int capacity = FIRST_CAPACITY;
        while (capacity < count) {
            capacity *= 4;
        }
        return capacity;
    }
}
