package io.drivebay.backend.guest.pci;

import io.drivebay.backend.guest.MmioDevice;
import java.util.ArrayList;
import java.util.List;

/** Registers that remember how they were accessed, and answer with the offset. */
final class Scratchpad implements MmioDevice {
    final List<String> accesses = new ArrayList<>();
    private final int windowBytes;

    Scratchpad(final int windowBytes) {
        this.windowBytes = windowBytes;
    }

    @Override
    public int windowBytes() {
        return windowBytes;
    }

    @Override
    public long read(final int offset, final int widthBytes) {
        accesses.add("read " + offset + " " + widthBytes);
        return offset;
    }

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        accesses.add("write " + offset + " " + widthBytes + " " + Long.toHexString(value));
    }
}
