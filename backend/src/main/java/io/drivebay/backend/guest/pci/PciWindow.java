package io.drivebay.backend.guest.pci;

import io.drivebay.backend.guest.MmioDevice;

/**
 * Registers of a function at a place in port or memory space that may move: what a base address register governs, or a
 * fixed one. Where it stands now is one volatile field, so that any thread may look it up.
 */
public final class PciWindow {
    /** Where a window that is not decoded stands. */
    static final long NOWHERE = -1;

    private final MmioDevice device;
    private final long bytes;
    private volatile long base = NOWHERE;

    /**
     * A window that is not decoded yet.
     *
     * @param bytes how much of the space it takes, at least the registers' size
     */
    PciWindow(final MmioDevice device, final long bytes) {
        this.device = device;
        this.bytes = bytes;
    }

    void moveTo(final long address) {
        base = address;
    }

    /** What stands in it. */
    public MmioDevice device() {
        return device;
    }

    /** How much of the space it takes: of a base address a power of two. */
    public long bytes() {
        return bytes;
    }

    /** Its first port or address; negative while it is not decoded. */
    public long base() {
        return base;
    }

    boolean contains(final long address) {
        final long from = base;
        return from != NOWHERE && address >= from && address - from < bytes;
    }

    long read(final long address, final int widthBytes) {
        final long from = base;
        return from == NOWHERE ? 0 : device.read((int) (address - from), widthBytes);
    }

    void write(final long address, final int widthBytes, final long value) {
        final long from = base;
        if (from != NOWHERE) {
            device.write((int) (address - from), widthBytes, value);
        }
    }
}
