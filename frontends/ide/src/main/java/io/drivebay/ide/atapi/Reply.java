package io.drivebay.ide.atapi;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.ide.device.PioBuffer;

/** An answer under construction at the start of the drive's buffer; numbers are big-endian. */
final class Reply {
    private final MemoryRegion region;
    private int length;

    Reply(final PioBuffer buffer) {
        region = buffer.region();
    }

    /** Begins with a number of zeros. */
    Reply begin(final int bytes) {
        region.fill(0, bytes, (byte) 0);
        length = bytes;
        return this;
    }

    /** Appends zeros; returns where they begin. */
    int append(final int bytes) {
        final int at = length;
        region.fill(at, bytes, (byte) 0);
        length += bytes;
        return at;
    }

    int length() {
        return length;
    }

    Reply put(final int at, final int value) {
        region.putByte(at, (byte) value);
        return this;
    }

    Reply put16(final int at, final int value) {
        return put(at, value >> 8).put(at + 1, value);
    }

    Reply put24(final int at, final int value) {
        return put(at, value >> 16).put16(at + 1, value);
    }

    Reply put32(final int at, final int value) {
        return put16(at, value >> 16).put16(at + 2, value);
    }

    /** Text of a fixed length, padded with spaces. */
    Reply put(final int at, final int bytes, final String text) {
        for (int i = 0; i < bytes; i++) {
            put(at + i, i < text.length() ? text.charAt(i) : ' ');
        }
        return this;
    }

    int get(final int at) {
        return region.getByte(at) & 0xff;
    }
}
