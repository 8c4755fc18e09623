package io.drivebay.backend.guest;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * A guest's physical memory: ranges of guest addresses, each backed by a region. Immutable, so any thread may look
 * addresses up; the bytes themselves are as volatile as the guest is hostile.
 *
 * <p>Memory larger than one region is several ranges that adjoin. A look-up that the memory does not cover is an answer,
 * never an exception.
 */
public final class GuestMemory {
    /** The answer of {@link #find} when no range covers what was asked for. */
    public static final int NOT_FOUND = -1;

    /**
     * A range of guest memory.
     *
     * @param address guest physical address of the region's first byte, unsigned but below 2^63
     * @param region what backs it
     */
    public record Range(long address, MemoryRegion region) {
        public Range {
            if (address < 0 || address > Long.MAX_VALUE - region.size()) {
                throw new IllegalArgumentException("range at 0x" + Long.toHexString(address) + " ends beyond 2^63");
            }
        }

        /** The address after the last byte. */
        public long end() {
            return address + region.size();
        }
    }

    private final MemoryRegion[] regions;
    private final long[] starts;
    private final long[] ends;

    private GuestMemory(final List<Range> sorted) {
        final int count = sorted.size();
        regions = new MemoryRegion[count];
        starts = new long[count];
        ends = new long[count];
        for (int i = 0; i < count; i++) {
            final Range range = sorted.get(i);
            if (i > 0 && range.address() < ends[i - 1]) {
                throw new IllegalArgumentException("guest memory overlaps at 0x" + Long.toHexString(range.address()));
            }
            regions[i] = range.region();
            starts[i] = range.address();
            ends[i] = range.end();
        }
    }

    /** Memory made of ranges that do not overlap. */
    public static GuestMemory of(final List<Range> ranges) {
        return new GuestMemory(
                ranges.stream().sorted(Comparator.comparingLong(Range::address)).toList());
    }

    /** Memory of one region, from guest address 0. */
    public static GuestMemory of(final MemoryRegion region) {
        return of(List.of(new Range(0, region)));
    }

    /** The range that covers bytes [address, address + length) whole; {@link #NOT_FOUND} when none does. */
    public int find(final long address, final long length) {
        for (int i = 0; i < starts.length; i++) {
            if (address >= starts[i] && address < ends[i]) {
                return length >= 0 && length <= ends[i] - address ? i : NOT_FOUND;
            }
        }
        return NOT_FOUND;
    }

    /** What backs a range. */
    public MemoryRegion region(final int range) {
        return regions[range];
    }

    /** Where in a range's region an address lies that {@link #find} found there. */
    public int offset(final int range, final long address) {
        return (int) (address - starts[range]);
    }

    /**
     * Appends bytes [address, address + length) to a list, in several segments where ranges adjoin.
     *
     * @return false when the memory does not cover all of it; then the list holds a part and is to be cleared
     */
    public boolean append(final IoVector vector, final long address, final long length) {
        if (length < 0 || address < 0 || address > Long.MAX_VALUE - length) {
            return false;
        }
        long at = address;
        long left = length;
        while (left > 0) {
            final int range = find(at, 1);
            if (range == NOT_FOUND) {
                return false;
            }
            final int part = (int) Math.min(left, ends[range] - at);
            vector.add(regions[range], offset(range, at), part);
            at += part;
            left -= part;
        }
        return true;
    }

    /** Size of all ranges together, in bytes. */
    public long bytes() {
        long sum = 0;
        for (int i = 0; i < starts.length; i++) {
            sum += ends[i] - starts[i];
        }
        return sum;
    }

    @Override
    public String toString() {
        return "GuestMemory" + Arrays.toString(starts);
    }
}
