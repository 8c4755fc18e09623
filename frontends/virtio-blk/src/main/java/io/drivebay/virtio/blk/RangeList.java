package io.drivebay.virtio.blk;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;

/**
 * The segments of a DISCARD or WRITE_ZEROES request (virtio 1.2, 5.2.6): read once from the guest, checked as a whole
 * before the first is carried out, then carried out one after the other.
 */
final class RangeList {
    private static final int SEGMENT_BYTES = 16;
    private static final int COUNT = 8;
    private static final int FLAGS = 12;
    private static final int UNMAP = 1;

    private final MemoryRegion copy = MemoryRegion.allocate(SEGMENT_BYTES * ConfigSpace.MAX_RANGES);
    private Operation operation = Operation.DISCARD;
    private int count;
    private int next;

    RangeList() {}

    /**
     * Copies the segments out of the guest's memory and checks them.
     *
     * @param capacitySectors the medium's length
     * @param blockSectors what sectors and counts must be multiples of
     * @return {@link GuestStatus#OK}, or what the request fails with
     */
    int read(final IoVector data, final Operation what, final long capacitySectors, final int blockSectors) {
        if (data.bytes() == 0 || data.bytes() % SEGMENT_BYTES != 0) {
            return GuestStatus.IO_ERROR;
        }
        if (data.bytes() > copy.size()) {
            return GuestStatus.UNSUPPORTED;
        }
        operation = what;
        count = (int) data.bytes() / SEGMENT_BYTES;
        next = 0;
        data.copyTo(0, copy, 0, (int) data.bytes());
        for (int i = 0; i < count; i++) {
            final int status = check(i * SEGMENT_BYTES, capacitySectors, blockSectors);
            if (status != GuestStatus.OK) {
                return status;
            }
        }
        return GuestStatus.OK;
    }

    private int check(final int at, final long capacitySectors, final int blockSectors) {
        final int allowed = operation == Operation.WRITE_ZEROES ? UNMAP : 0;
        if ((copy.getInt(at + FLAGS) & ~allowed) != 0) {
            return GuestStatus.UNSUPPORTED;
        }
        final long sector = copy.getLong(at);
        final long sectors = Integer.toUnsignedLong(copy.getInt(at + COUNT));
        final boolean within = sector >= 0 && sector <= capacitySectors && sectors <= capacitySectors - sector;
        final boolean aligned = ((sector | sectors) & (blockSectors - 1)) == 0;
        return within && aligned && sectors <= ConfigSpace.MAX_RANGE_SECTORS ? GuestStatus.OK : GuestStatus.IO_ERROR;
    }

    boolean hasNext() {
        return next < count;
    }

    /** Sets a request to the next range. */
    void next(final BlockRequest request) {
        final int at = SEGMENT_BYTES * next++;
        final boolean unmap = (copy.getInt(at + FLAGS) & UNMAP) != 0;
        request.set(
                operation,
                copy.getLong(at) << DiskShape.SECTOR_SHIFT,
                Integer.toUnsignedLong(copy.getInt(at + COUNT)) << DiskShape.SECTOR_SHIFT,
                unmap ? RequestFlags.MAY_UNMAP : 0);
    }
}
