package io.drivebay.backend.guest.pci;

/**
 * What a function says that it is.
 *
 * @param vendorId who made it
 * @param deviceId which of the vendor's devices it is
 * @param revision of the device
 * @param classCode base class, subclass and programming interface: 24 bits
 * @param subsystemVendorId who made the board; 0 for none
 * @param subsystemId which of the vendor's boards it is
 */
public record PciIdentity(
        int vendorId, int deviceId, int revision, int classCode, int subsystemVendorId, int subsystemId) {

    /** Without a revision and a board. */
    public static PciIdentity of(final int vendorId, final int deviceId, final int classCode) {
        return new PciIdentity(vendorId, deviceId, 0, classCode, 0, 0);
    }
}
