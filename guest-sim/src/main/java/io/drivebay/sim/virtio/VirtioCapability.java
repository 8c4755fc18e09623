package io.drivebay.sim.virtio;

import io.drivebay.sim.pci.PciHandle;

/**
 * A vendor-specific capability that says where one of a device's structures is (virtio 1.2, 4.1.4):
 *
 * <pre>
 *   id u8 = 9 | next u8 | length u8 | type u8 | bar u8 | id u8 | padding [2] | offset u32 | length u32 | multiplier u32
 * </pre>
 *
 * @param address where the structure begins
 * @param bytes how long it is
 * @param notifyMultiplier of a notification structure: bytes from one queue's to the next
 */
record VirtioCapability(long address, long bytes, int notifyMultiplier) {
    static final int COMMON = 1;
    static final int NOTIFY = 2;
    static final int ISR = 3;
    static final int DEVICE = 4;

    private static final int VENDOR_SPECIFIC = 9;
    private static final int LAST_BAR = 5;

    /**
     * Finds the first one of a type, which is the preferred one (4.1.4.1).
     *
     * @param leastBytes how long the structure must be
     */
    static VirtioCapability find(final PciHandle function, final int type, final int leastBytes) {
        for (final int at : function.capabilities(VENDOR_SPECIFIC)) {
            final int bar = function.read(at + 4, 1);
            if (function.read(at + 3, 1) == type && bar <= LAST_BAR) {
                final long bytes = Integer.toUnsignedLong(function.read(at + 12, 4));
                if (bytes < leastBytes) {
                    throw new DeviceViolation("structure " + type + " is only " + bytes + " bytes long (4.1.4)");
                }
                return new VirtioCapability(
                        function.address(bar) + Integer.toUnsignedLong(function.read(at + 8, 4)),
                        bytes,
                        type == NOTIFY ? function.read(at + 16, 4) : 0);
            }
        }
        throw new DeviceViolation(function + " has no structure of type " + type + " (4.1.4)");
    }
}
