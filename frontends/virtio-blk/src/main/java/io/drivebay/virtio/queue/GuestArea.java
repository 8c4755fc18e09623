package io.drivebay.virtio.queue;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;

/** A part of a virtqueue, looked up once: a region and where in it the part begins. */
record GuestArea(MemoryRegion region, int offset) {
    /**
     * Looks a part of a ring up.
     *
     * @param alignment what the address must be a multiple of; at least 2 for parts that are accessed in order
     */
    static GuestArea find(
            final GuestMemory memory, final String what, final long address, final int bytes, final int alignment)
            throws BadRingException {
        if (address % alignment != 0) {
            throw new BadRingException(
                    what + " at 0x" + Long.toHexString(address) + " is not aligned to " + alignment + " bytes");
        }
        final int range = memory.find(address, bytes);
        if (range == GuestMemory.NOT_FOUND) {
            throw new BadRingException(what + " of " + bytes + " bytes at 0x" + Long.toHexString(address)
                    + " does not lie in one range of the guest's memory");
        }
        final MemoryRegion region = memory.region(range);
        final int offset = memory.offset(range, address);
        if (region.buffer().alignmentOffset(offset, Math.min(alignment, Integer.BYTES)) != 0) {
            throw new BadRingException(what + " at 0x" + Long.toHexString(address) + " is not aligned in the host");
        }
        return new GuestArea(region, offset);
    }
}
