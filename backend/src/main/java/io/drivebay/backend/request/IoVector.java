package io.drivebay.backend.request;

import io.drivebay.backend.memory.MemoryRegion;
import java.util.Arrays;
import java.util.Objects;

/**
 * A scatter/gather list: segments of off-heap memory, in the order in which they meet the medium.
 *
 * <p>Reusable; grows to the longest list it ever held and allocates nothing after that. Not thread-safe.
 */
public final class IoVector {
    private static final MemoryRegion[] NO_REGIONS = {};

    private MemoryRegion[] regions = NO_REGIONS;
    private int[] offsets = {};
    private int[] lengths = {};
    private int count;
    private long bytes;

    /** Empties the list. */
    public IoVector clear() {
        count = 0;
        bytes = 0;
        return this;
    }

    /** Appends bytes [offset, offset + length) of a region; checked against the region's size. */
    public IoVector add(final MemoryRegion region, final int offset, final int length) {
        Objects.checkFromIndexSize(offset, length, region.size());
        if (count == regions.length) {
            grow();
        }
        regions[count] = region;
        offsets[count] = offset;
        lengths[count] = length;
        count++;
        bytes += length;
        return this;
    }

    private void grow() {
        final int capacity = Math.max(4, count * 2);
        regions = Arrays.copyOf(regions, capacity);
        offsets = Arrays.copyOf(offsets, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
    }

    /** Appends bytes [from, from + length) of another list. */
    public IoVector addSlice(final IoVector source, final long from, final long length) {
        Objects.checkFromIndexSize(from, length, source.bytes);
        long skip = from;
        long left = length;
        for (int i = 0; left > 0; i++) {
            final int size = source.lengths[i];
            if (skip >= size) {
                skip -= size;
                continue;
            }
            final int part = (int) Math.min(size - skip, left);
            add(source.regions[i], source.offsets[i] + (int) skip, part);
            skip = 0;
            left -= part;
        }
        return this;
    }

    /** How many segments there are. */
    public int count() {
        return count;
    }

    /** Sum of the segments' lengths in bytes. */
    public long bytes() {
        return bytes;
    }

    public MemoryRegion region(final int segment) {
        return regions[Objects.checkIndex(segment, count)];
    }

    /** Where a segment starts in its region, in bytes. */
    public int offset(final int segment) {
        return offsets[Objects.checkIndex(segment, count)];
    }

    /** Length of a segment in bytes. */
    public int length(final int segment) {
        return lengths[Objects.checkIndex(segment, count)];
    }

    /** Copies bytes [from, from + length) of the list into a region. */
    public void copyTo(final long from, final MemoryRegion target, final int targetOffset, final int length) {
        copy(from, target, targetOffset, length, false);
    }

    /** Copies a region's bytes over bytes [from, from + length) of the list. */
    public void copyFrom(final long from, final MemoryRegion source, final int sourceOffset, final int length) {
        copy(from, source, sourceOffset, length, true);
    }

    private void copy(
            final long from, final MemoryRegion other, final int otherOffset, final int length, final boolean into) {
        Objects.checkFromIndexSize(from, length, bytes);
        long skip = from;
        int done = 0;
        for (int i = 0; done < length; i++) {
            if (skip >= lengths[i]) {
                skip -= lengths[i];
                continue;
            }
            final int at = offsets[i] + (int) skip;
            final int part = (int) Math.min(lengths[i] - skip, length - done);
            if (into) {
                regions[i].copyFrom(at, other, otherOffset + done, part);
            } else {
                other.copyFrom(otherOffset + done, regions[i], at, part);
            }
            skip = 0;
            done += part;
        }
    }

    /** Sets bytes [from, from + length) of the list to a value. */
    public void fill(final long from, final long length, final byte value) {
        Objects.checkFromIndexSize(from, length, bytes);
        long skip = from;
        long left = length;
        for (int i = 0; left > 0; i++) {
            if (skip >= lengths[i]) {
                skip -= lengths[i];
                continue;
            }
            final int part = (int) Math.min(lengths[i] - skip, left);
            regions[i].fill(offsets[i] + (int) skip, part, value);
            skip = 0;
            left -= part;
        }
    }

    /** True when every byte of the list is zero. */
    public boolean isZero() {
        for (int i = 0; i < count; i++) {
            if (!regions[i].isZero(offsets[i], lengths[i])) {
                return false;
            }
        }
        return true;
    }
}
