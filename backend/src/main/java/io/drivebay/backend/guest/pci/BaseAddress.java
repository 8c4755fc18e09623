package io.drivebay.backend.guest.pci;

import io.drivebay.backend.guest.MmioDevice;

/**
 * A base address register and the window that it governs (PCI 3.0, 6.2.5).
 *
 * <p>A driver sizes it by writing ones: the bits below the size stay what they are. An address of 0, and one whose window
 * would end with the space itself, such as during sizing, decodes nothing.
 */
final class BaseAddress {
    /** What a base address register maps. */
    enum Space {
        IO(1, 4, 4, 0x1_0000),
        MEMORY_32(0, 4, 16, 0xffff_ffffL),
        MEMORY_64(0xc, 8, 16, Long.MAX_VALUE);

        private final int typeBits;
        private final int widthBytes;
        private final int leastBytes;
        private final long end;

        Space(final int typeBits, final int widthBytes, final int leastBytes, final long end) {
            this.typeBits = typeBits;
            this.widthBytes = widthBytes;
            this.leastBytes = leastBytes;
            this.end = end;
        }
    }

    private final Space space;
    private final int offset;
    private final PciWindow window;

    /** Declares the register at an offset of configuration space. */
    BaseAddress(final RegisterFile registers, final int offset, final Space space, final MmioDevice device) {
        this.space = space;
        this.offset = offset;
        final int least = Math.max(space.leastBytes, device.windowBytes());
        final long bytes = Long.highestOneBit(2L * least - 1);
        this.window = new PciWindow(device, bytes);
        registers.field(offset, space.widthBytes, space.typeBits, -bytes);
    }

    PciWindow window() {
        return window;
    }

    boolean isIo() {
        return space == Space.IO;
    }

    /** Puts the window where the register says; enabled: as the command register has it for the space. */
    void update(final RegisterFile registers, final boolean enabled) {
        final long address = registers.read(offset, space.widthBytes) & -window.bytes();
        final boolean fits = address > 0 && address < space.end - (window.bytes() - 1);
        window.moveTo(enabled && fits ? address : PciWindow.NOWHERE);
    }
}
