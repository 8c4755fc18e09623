package io.drivebay.virtio.pci;

import org.jspecify.annotations.Nullable;

/**
 * The common configuration structure (virtio 1.2, 4.1.4.3). A field is accessed in its own width; those of 64 bits are
 * two of 32.
 */
enum CommonRegister {
    // spotless:off
    DEVICE_FEATURE_SELECT ( 0, 4),
    DEVICE_FEATURE        ( 4, 4),
    DRIVER_FEATURE_SELECT ( 8, 4),
    DRIVER_FEATURE        (12, 4),
    CONFIG_MSIX_VECTOR    (16, 2),
    NUM_QUEUES            (18, 2),
    DEVICE_STATUS         (20, 1),
    CONFIG_GENERATION     (21, 1),
    QUEUE_SELECT          (22, 2),
    QUEUE_SIZE            (24, 2),
    QUEUE_MSIX_VECTOR     (26, 2),
    QUEUE_ENABLE          (28, 2),
    QUEUE_NOTIFY_OFF      (30, 2),
    QUEUE_DESC_LOW        (32, 4),
    QUEUE_DESC_HIGH       (36, 4),
    QUEUE_DRIVER_LOW      (40, 4),
    QUEUE_DRIVER_HIGH     (44, 4),
    QUEUE_DEVICE_LOW      (48, 4),
    QUEUE_DEVICE_HIGH     (52, 4),
    QUEUE_RESET           (58, 2);
    // spotless:on

    /** Size of the structure. */
    static final int BYTES = 60;

    private static final @Nullable CommonRegister[] BY_OFFSET = new CommonRegister[BYTES];

    static {
        for (final CommonRegister register : values()) {
            BY_OFFSET[register.offset] = register;
        }
    }

    private final int offset;
    private final int widthBytes;

    CommonRegister(final int offset, final int widthBytes) {
        this.offset = offset;
        this.widthBytes = widthBytes;
    }

    /** The field that an access reaches; null when it reaches none. */
    static @Nullable CommonRegister at(final int offset, final int widthBytes) {
        final CommonRegister register = offset >= 0 && offset < BYTES ? BY_OFFSET[offset] : null;
        return register == null || register.widthBytes != widthBytes ? null : register;
    }
}
