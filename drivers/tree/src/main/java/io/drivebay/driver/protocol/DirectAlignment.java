package io.drivebay.driver.protocol;

import io.drivebay.backend.request.IoVector;
import io.drivebay.posix.NativeMemory;

/**
 * What a file opened with O_DIRECT demands; all powers of two, in bytes.
 *
 * @param memoryBytes alignment of addresses
 * @param blockBytes alignment of offsets and lengths, also of each segment's
 * @param source how it was found out, for the log
 */
record DirectAlignment(int memoryBytes, int blockBytes, String source) {
    DirectAlignment {
        if (Integer.bitCount(memoryBytes) != 1 || Integer.bitCount(blockBytes) != 1) {
            throw new IllegalArgumentException("memoryBytes=" + memoryBytes + " blockBytes=" + blockBytes);
        }
    }

    boolean aligned(final long position) {
        return (position & (blockBytes - 1)) == 0;
    }

    boolean fits(final long address) {
        return (address & (memoryBytes - 1)) == 0;
    }

    /** True when the kernel takes a list as it is. */
    boolean fits(final IoVector vector) {
        for (int i = 0; i < vector.count(); i++) {
            if (!aligned(vector.length(i)) || !fits(address(vector, i))) {
                return false;
            }
        }
        return true;
    }

    static long address(final IoVector vector, final int segment) {
        return NativeMemory.addressOf(vector.region(segment)) + vector.offset(segment);
    }
}
