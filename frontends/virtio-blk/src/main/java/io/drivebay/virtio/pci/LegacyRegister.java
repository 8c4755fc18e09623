package io.drivebay.virtio.pci;

import org.jspecify.annotations.Nullable;

/** The header of the legacy interface (virtio 1.2, 4.1.4.10). A field is accessed in its own width. */
enum LegacyRegister {
    // spotless:off
    DEVICE_FEATURES    ( 0, 4),
    DRIVER_FEATURES    ( 4, 4),
    QUEUE_ADDRESS      ( 8, 4),
    QUEUE_SIZE         (12, 2),
    QUEUE_SELECT       (14, 2),
    QUEUE_NOTIFY       (16, 2),
    DEVICE_STATUS      (18, 1),
    ISR_STATUS         (19, 1),
    /** These two are there while MSI-X is enabled. */
    CONFIG_MSIX_VECTOR (20, 2),
    QUEUE_MSIX_VECTOR  (22, 2);
    // spotless:on

    /** Size of the header while MSI-X is not enabled; the device's configuration follows. */
    static final int BYTES = 20;
    /** Size of the header while MSI-X is enabled. */
    static final int BYTES_WITH_VECTORS = 24;

    private static final @Nullable LegacyRegister[] BY_OFFSET = new LegacyRegister[BYTES_WITH_VECTORS];

    static {
        for (final LegacyRegister register : values()) {
            BY_OFFSET[register.offset] = register;
        }
    }

    private final int offset;
    private final int widthBytes;

    LegacyRegister(final int offset, final int widthBytes) {
        this.offset = offset;
        this.widthBytes = widthBytes;
    }

    /** The field that an access to the header reaches; null when it reaches none. */
    static @Nullable LegacyRegister at(final int offset, final int widthBytes) {
        final LegacyRegister register = offset >= 0 ? BY_OFFSET[offset] : null;
        return register == null || register.widthBytes != widthBytes ? null : register;
    }
}
