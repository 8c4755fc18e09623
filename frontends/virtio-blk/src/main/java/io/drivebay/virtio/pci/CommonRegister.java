package io.drivebay.virtio.pci;

import io.drivebay.virtio.QueueRegisters.Field;
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
    QUEUE_SIZE            (24, 2, Field.SIZE),
    QUEUE_MSIX_VECTOR     (26, 2),
    QUEUE_ENABLE          (28, 2),
    QUEUE_NOTIFY_OFF      (30, 2),
    QUEUE_DESC_LOW        (32, 4, Field.DESCRIPTORS_LOW),
    QUEUE_DESC_HIGH       (36, 4, Field.DESCRIPTORS_HIGH),
    QUEUE_DRIVER_LOW      (40, 4, Field.DRIVER_LOW),
    QUEUE_DRIVER_HIGH     (44, 4, Field.DRIVER_HIGH),
    QUEUE_DEVICE_LOW      (48, 4, Field.DEVICE_LOW),
    QUEUE_DEVICE_HIGH     (52, 4, Field.DEVICE_HIGH),
    QUEUE_NOTIF_DATA      (56, 2),
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
    private final @Nullable Field queueField;

    CommonRegister(final int offset, final int widthBytes) {
        this(offset, widthBytes, null);
    }

    CommonRegister(final int offset, final int widthBytes, final @Nullable Field queueField) {
        this.offset = offset;
        this.widthBytes = widthBytes;
        this.queueField = queueField;
    }

    /** The field that an access reaches; null when it reaches none. */
    static @Nullable CommonRegister at(final int offset, final int widthBytes) {
        final CommonRegister register = offset >= 0 && offset < BYTES ? BY_OFFSET[offset] : null;
        return register == null || register.widthBytes != widthBytes ? null : register;
    }

    /** What of the selected queue stands here; null for all that has a meaning of its own. */
    @Nullable
    Field queueField() {
        return queueField;
    }
}
