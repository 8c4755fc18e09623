package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;

/** {@code struct iovec}: 8 bytes of address, 8 bytes of length. */
final class IovecDescriptor {
    static final int BYTES = 16;

    /** The most segments one call takes: IOV_MAX. */
    static final int MAX_COUNT = 1024;

    private static final int LENGTH = 8;

    private IovecDescriptor() {}

    static void put(final MemoryRegion iovecs, final int index, final long address, final long lengthBytes) {
        iovecs.putLong(index * BYTES, address);
        iovecs.putLong(index * BYTES + LENGTH, lengthBytes);
    }

    static long address(final MemoryRegion iovecs, final int index) {
        return iovecs.getLong(index * BYTES);
    }

    static long lengthBytes(final MemoryRegion iovecs, final int index) {
        return iovecs.getLong(index * BYTES + LENGTH);
    }
}
