package io.drivebay.sim.machine;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.guest.GuestMemory.Range;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/**
 * The guest's physical memory and who has which part of it.
 *
 * <p>Memory begins at address 0; what does not fit below 3 GiB goes on at 4 GiB, as in a PC, and leaves the hole for
 * devices. Allocation only goes forward, page 0 is never given out. Any thread.
 */
public final class GuestRam {
    /** Size of a page, and the least alignment of memory that spans pages, in bytes. */
    public static final int PAGE_BYTES = 4096;

    /** First address of the hole for devices. */
    public static final long HOLE_START = 3L << 30;

    /** First address after the hole. */
    public static final long HOLE_END = 4L << 30;

    private final List<Range> ranges = new ArrayList<>();
    private final GuestMemory memory;
    private long next = PAGE_BYTES;

    /**
     * Zeroed memory.
     *
     * @param bytes a multiple of the page, at least two pages
     */
    public GuestRam(final long bytes) {
        this(bytes, RegionPool::aligned);
    }

    /**
     * Memory that somebody else provides.
     *
     * @param bytes a multiple of the page, at least two pages
     * @param provider makes zeroed, page-aligned regions of a size in bytes
     */
    public GuestRam(final long bytes, final IntFunction<MemoryRegion> provider) {
        if (bytes < 2 * PAGE_BYTES || bytes % PAGE_BYTES != 0) {
            throw new IllegalArgumentException(
                    "guest memory of " + bytes + " bytes: it must be a multiple of 4096, at least 8192");
        }
        long address = 0;
        long left = bytes;
        while (left > 0) {
            final long limit = address < HOLE_START ? HOLE_START - address : Long.MAX_VALUE;
            final int size = (int) Math.min(Math.min(left, limit), MemoryRegion.MAX_BYTES);
            ranges.add(new Range(address, provider.apply(size)));
            left -= size;
            address += size;
            if (address == HOLE_START) {
                address = HOLE_END;
            }
        }
        memory = GuestMemory.of(ranges);
    }

    /** The ranges that it consists of, from low addresses to high ones. */
    public List<Range> ranges() {
        return List.copyOf(ranges);
    }

    /** What a device is given. */
    public GuestMemory memory() {
        return memory;
    }

    /**
     * Takes memory that nobody has; it is zeroed and lies in one region.
     *
     * @param bytes how much, at least 1
     * @param alignment of its address, a power of two
     * @throws IllegalStateException when there is not enough left
     */
    public synchronized GuestBuffer allocate(final int bytes, final int alignment) {
        if (bytes < 1 || Integer.bitCount(alignment) != 1) {
            throw new IllegalArgumentException("bytes=" + bytes + ", alignment=" + alignment);
        }
        for (final Range range : ranges) {
            final long from = Math.max(range.address(), next);
            final long address = (from + alignment - 1) & -alignment;
            if (address + bytes <= range.end()) {
                next = address + bytes;
                return new GuestBuffer(address, range.region(), (int) (address - range.address()), bytes);
            }
        }
        throw new IllegalStateException("guest memory of " + memory.bytes() + " bytes is used up: " + bytes
                + " more do not fit; make the machine with more memory");
    }

    /** Takes whole pages. */
    public GuestBuffer allocatePages(final int bytes) {
        return allocate(bytes, PAGE_BYTES);
    }

    /** The memory at an address. */
    public GuestBuffer at(final long address, final int bytes) {
        final int range = memory.find(address, bytes);
        if (range == GuestMemory.NOT_FOUND) {
            throw new IllegalArgumentException(
                    "there is no memory of " + bytes + " bytes at 0x" + Long.toHexString(address));
        }
        return new GuestBuffer(address, memory.region(range), memory.offset(range, address), bytes);
    }
}
