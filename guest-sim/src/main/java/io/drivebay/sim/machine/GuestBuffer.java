package io.drivebay.sim.machine;

import io.drivebay.backend.memory.MemoryRegion;

/**
 * A stretch of guest memory that lies in one region: what guest and device see at a physical address, and how the host
 * reaches it.
 *
 * @param address guest physical address
 * @param region what backs it
 * @param offset where in the region it begins
 * @param length in bytes
 */
public record GuestBuffer(long address, MemoryRegion region, int offset, int length) {
    /** A part of it, by its address. */
    public GuestBuffer part(final long from, final int bytes) {
        if (from < address || from - address > length - bytes) {
            throw new IllegalArgumentException(bytes + " bytes at 0x" + Long.toHexString(from) + " are not in " + this);
        }
        return new GuestBuffer(from, region, offset + (int) (from - address), bytes);
    }

    /** Sets all bytes to 0. */
    public GuestBuffer clear() {
        region.fill(offset, length, (byte) 0);
        return this;
    }
}
