package io.drivebay.virtio.pci;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.backend.guest.pci.PciHeader;
import io.drivebay.backend.guest.pci.PciWindow;
import org.jspecify.annotations.Nullable;

/**
 * The capability through which a driver without access to memory space reaches the windows (virtio 1.2, 4.1.4.9):
 *
 * <pre>
 *   0  vendor capability of type 5
 *   4  number of the base address          written by the driver
 *   8  offset in its window                written by the driver
 *  12  how many bytes: 1, 2 or 4           written by the driver
 *  16  the bytes; reading or writing these accesses the window
 * </pre>
 *
 * <p>What does not lie in a window whole and aligned is not accessed.
 */
final class ConfigAccess {
    private static final int BASE = 4;
    private static final int OFFSET = 8;
    private static final int LENGTH = 12;
    private static final int DATA = 16;
    private static final int DATA_BYTES = 4;

    private final PciHeader header;
    private final int capability;

    ConfigAccess(final PciHeader header, final int capability) {
        this.header = header;
        this.capability = capability;
        header.registers()
                .field(capability + BASE, 1, 0, 0xff)
                .field(capability + OFFSET, 4, 0, -1)
                .field(capability + LENGTH, 4, 0, -1)
                .field(capability + DATA, DATA_BYTES, 0, -1);
    }

    /** True when an access to configuration space touches the bytes. */
    boolean covers(final int offset, final int widthBytes) {
        final int data = capability + DATA;
        return offset < data + DATA_BYTES && offset + widthBytes > data;
    }

    /** Fetches the bytes, for a read of them. */
    void fetch() {
        final MmioDevice device = target();
        if (device != null) {
            header.registers().set(capability + DATA, length(), device.read(offset(), length()));
        }
    }

    /** Stores the bytes, after a write to them. */
    void store() {
        final MmioDevice device = target();
        if (device != null) {
            device.write(offset(), length(), header.registers().read(capability + DATA, length()));
        }
    }

    private int offset() {
        return (int) header.registers().read(capability + OFFSET, 4);
    }

    private int length() {
        return (int) header.registers().read(capability + LENGTH, 4);
    }

    private @Nullable MmioDevice target() {
        final PciWindow window = header.window((int) header.registers().read(capability + BASE, 1));
        final int offset = offset();
        final int length = length();
        final boolean sound = length == 1 || length == 2 || length == 4;
        if (window == null || !sound || offset < 0 || offset % length != 0) {
            return null;
        }
        final MmioDevice device = window.device();
        return offset <= device.windowBytes() - length ? device : null;
    }
}
