package io.drivebay.ide.atapi;

import io.drivebay.backend.memory.MemoryRegion;

/** The twelve bytes of a command; numbers are big-endian. */
final class Packet {
    static final int BYTES = 12;

    private final int[] bytes = new int[BYTES];

    void copyFrom(final MemoryRegion region) {
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = region.getByte(i) & 0xff;
        }
    }

    int opcode() {
        return bytes[0];
    }

    int at(final int index) {
        return bytes[index];
    }

    boolean has(final int index, final int bits) {
        return (bytes[index] & bits) != 0;
    }

    int u16(final int index) {
        return bytes[index] << 8 | bytes[index + 1];
    }

    int u24(final int index) {
        return bytes[index] << 16 | u16(index + 1);
    }

    long u32(final int index) {
        return (long) u16(index) << 16 | u16(index + 2);
    }
}
