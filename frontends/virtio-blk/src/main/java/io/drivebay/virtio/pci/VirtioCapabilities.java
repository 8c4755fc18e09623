package io.drivebay.virtio.pci;

import io.drivebay.backend.guest.pci.PciHeader;

/**
 * The capabilities that say where a modern device's structures are (virtio 1.2, 4.1.4):
 *
 * <pre>
 *  0  id 9, link, length, type      8  offset in the window
 *  4  base address, id, padding    12  length of the structure
 *                                  16  for notifications: bytes from one queue's to the next
 * </pre>
 */
final class VirtioCapabilities {
    private static final int VENDOR_SPECIFIC = 9;
    private static final int CAPABILITY_BYTES = 16;
    private static final int LONGER_BYTES = 20;

    private static final int COMMON = 1;
    private static final int NOTIFY = 2;
    private static final int ISR = 3;
    private static final int DEVICE = 4;
    private static final int PCI_ACCESS = 5;

    private final PciHeader header;

    VirtioCapabilities(final PciHeader header) {
        this.header = header;
    }

    /** Adds one for each structure of a {@link ModernWindow}, and the access to it by configuration space. */
    ConfigAccess addAll(final int base) {
        structure(COMMON, CAPABILITY_BYTES, base, ModernWindow.COMMON);
        structure(ISR, CAPABILITY_BYTES, base, ModernWindow.ISR);
        structure(DEVICE, CAPABILITY_BYTES, base, ModernWindow.DEVICE);
        final int notify = structure(NOTIFY, LONGER_BYTES, base, ModernWindow.NOTIFY);
        header.registers().field(notify + CAPABILITY_BYTES, 4, ModernWindow.NOTIFY_MULTIPLIER, 0);
        return new ConfigAccess(header, capability(PCI_ACCESS, LONGER_BYTES));
    }

    private int structure(final int type, final int bytes, final int base, final int offset) {
        final int at = capability(type, bytes);
        header.registers()
                .field(at + 4, 1, base, 0)
                .field(at + 8, 4, offset, 0)
                .field(at + 12, 4, ModernWindow.STRUCTURE_BYTES, 0);
        return at;
    }

    private int capability(final int type, final int bytes) {
        final int at = header.capability(VENDOR_SPECIFIC, bytes);
        header.registers().field(at + 2, 1, bytes, 0).field(at + 3, 1, type, 0);
        return at;
    }
}
