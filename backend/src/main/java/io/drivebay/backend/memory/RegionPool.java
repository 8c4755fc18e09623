package io.drivebay.backend.memory;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/**
 * Reusable page-aligned regions in sizes of powers of two, for bounce buffers. One thread only.
 *
 * <p>Keeps at most 64 regions and 16 MiB of each size; what is given back beyond that is left to the collector.
 */
public final class RegionPool {
    /** Alignment of every region's first byte, in bytes. */
    public static final int ALIGNMENT = 4096;

    private static final int KEPT_REGIONS = 64;
    private static final int KEPT_BYTES = 16 << 20;
    private static final int LEAST_SIZE_CLASS = 12;
    private static final int SIZES = 31;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final ArrayDeque<MemoryRegion>[] free = new ArrayDeque[SIZES];

    /** A region of at least a number of bytes (1 to 1 GiB); its content is undefined. */
    public MemoryRegion take(final int bytes) {
        final int size = sizeClass(bytes);
        final ArrayDeque<MemoryRegion> kept = free[size];
        final MemoryRegion region = kept == null ? null : kept.pollLast();
        return region == null ? aligned(1 << size) : region;
    }

    /** Gives a region of this pool back. */
    public void give(final MemoryRegion region) {
        final int size = sizeClass(region.size());
        if (region.size() != 1 << size) {
            throw new IllegalArgumentException(region + " is not of this pool");
        }
        ArrayDeque<MemoryRegion> kept = free[size];
        if (kept == null) {
            kept = new ArrayDeque<>();
            free[size] = kept;
        }
        if (kept.size() < Math.min(KEPT_REGIONS, KEPT_BYTES >> size)) {
            kept.addLast(region);
        }
    }

    /** A new zeroed region whose first byte is aligned to {@link #ALIGNMENT}; outside any pool. */
    public static MemoryRegion aligned(final int bytes) {
        final ByteBuffer raw = ByteBuffer.allocateDirect(Math.addExact(bytes, ALIGNMENT));
        return MemoryRegion.of(raw.alignedSlice(ALIGNMENT).slice(0, bytes));
    }

    private static int sizeClass(final int bytes) {
        if (bytes < 1 || bytes > MemoryRegion.MAX_BYTES) {
            throw new IllegalArgumentException("bytes=" + bytes);
        }
        return Math.max(LEAST_SIZE_CLASS, 32 - Integer.numberOfLeadingZeros(bytes - 1));
    }
}
