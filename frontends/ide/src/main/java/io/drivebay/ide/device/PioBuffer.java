package io.drivebay.ide.device;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;

/** A drive's buffer, and the window of it that the host moves through the data register. */
public final class PioBuffer {
    /** Size in bytes. */
    public static final int BYTES = 128 * 1024;

    private final MemoryRegion region = RegionPool.aligned(BYTES);
    private int position;
    private int end;

    /** The memory itself, for the drive to fill or to read. */
    public MemoryRegion region() {
        return region;
    }

    /** Sets the window to bytes [from, from + length). */
    void window(final int from, final int length) {
        position = from;
        end = from + length;
    }

    /** Bytes left in the window. */
    int left() {
        return end - position;
    }

    int read(final int widthBytes) {
        int value = 0;
        for (int i = 0; i < widthBytes && position < end; i++) {
            value |= (region.getByte(position++) & 0xff) << (8 * i);
        }
        return value;
    }

    void write(final int widthBytes, final int value) {
        for (int i = 0; i < widthBytes && position < end; i++) {
            region.putByte(position++, (byte) (value >> (8 * i)));
        }
    }
}
