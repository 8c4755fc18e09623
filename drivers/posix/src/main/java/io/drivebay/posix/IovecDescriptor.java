package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;

/** {@code struct iovec}: 8 bytes of address, 8 bytes of length. */
final class IovecDescriptor {
    static final int BYTES = 16;

    /** IOV_MAX: the most segments one call takes. */
    static final int MAX_COUNT = 1024;

    /** The most bytes one call moves: Linux cuts longer transfers. */
    static final int MAX_TRANSFER_BYTES = 0x7ffff000;

    private static final int LENGTH = 8;
    private static final int FIRST_CAPACITY = 16;

    private IovecDescriptor() {}

    static void put(final MemoryRegion array, final int index, final long address, final long lengthBytes) {
        array.putLong(index * BYTES, address);
        array.putLong(index * BYTES + LENGTH, lengthBytes);
    }

    /** Fills an array with the segments of a list that {@link #check} has let pass. */
    static void fill(final MemoryRegion array, final IoVector vector) {
        for (int i = 0; i < vector.count(); i++) {
            put(array, i, address(vector, i), vector.length(i));
        }
    }

    static long address(final IoVector vector, final int segment) {
        return NativeMemory.addressOf(vector.region(segment)) + vector.offset(segment);
    }

    /** Refuses lists that one call cannot take. */
    static void check(final IoVector vector) {
        if (vector.count() > MAX_COUNT || vector.bytes() > MAX_TRANSFER_BYTES) {
            throw new IllegalArgumentException("count=" + vector.count() + " bytes=" + vector.bytes()
                    + " exceeds what one transfer takes: " + MAX_COUNT + " segments, " + MAX_TRANSFER_BYTES
                    + " bytes");
        }
    }

    /** An array for at least so many segments: 16, 64, 256 or 1024, so that arrays that grow settle soon. */
    static MemoryRegion allocate(final int count) {
        int capacity = FIRST_CAPACITY;
        while (capacity < count) {
            capacity *= 4;
        }
        return MemoryRegion.allocate(capacity * BYTES);
    }
}
