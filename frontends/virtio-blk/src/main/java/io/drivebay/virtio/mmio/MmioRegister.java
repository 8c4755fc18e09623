package io.drivebay.virtio.mmio;

import org.jspecify.annotations.Nullable;

/** The registers of virtio-mmio version 2 (virtio 1.2, 4.2.2): all 32 bits wide, aligned to 4 bytes. */
enum MmioRegister {
    // spotless:off
    MAGIC_VALUE        (0x000, Access.READ),
    VERSION            (0x004, Access.READ),
    DEVICE_ID          (0x008, Access.READ),
    VENDOR_ID          (0x00c, Access.READ),
    DEVICE_FEATURES    (0x010, Access.READ),
    DEVICE_FEATURES_SEL(0x014, Access.WRITE),
    DRIVER_FEATURES    (0x020, Access.WRITE),
    DRIVER_FEATURES_SEL(0x024, Access.WRITE),
    QUEUE_SEL          (0x030, Access.WRITE),
    QUEUE_NUM_MAX      (0x034, Access.READ),
    QUEUE_NUM          (0x038, Access.WRITE),
    QUEUE_READY        (0x044, Access.READ_WRITE),
    QUEUE_NOTIFY       (0x050, Access.WRITE),
    INTERRUPT_STATUS   (0x060, Access.READ),
    INTERRUPT_ACK      (0x064, Access.WRITE),
    STATUS             (0x070, Access.READ_WRITE),
    QUEUE_DESC_LOW     (0x080, Access.WRITE),
    QUEUE_DESC_HIGH    (0x084, Access.WRITE),
    QUEUE_DRIVER_LOW   (0x090, Access.WRITE),
    QUEUE_DRIVER_HIGH  (0x094, Access.WRITE),
    QUEUE_DEVICE_LOW   (0x0a0, Access.WRITE),
    QUEUE_DEVICE_HIGH  (0x0a4, Access.WRITE),
    SHM_SEL            (0x0ac, Access.WRITE),
    SHM_LEN_LOW        (0x0b0, Access.READ),
    SHM_LEN_HIGH       (0x0b4, Access.READ),
    SHM_BASE_LOW       (0x0b8, Access.READ),
    SHM_BASE_HIGH      (0x0bc, Access.READ),
    CONFIG_GENERATION  (0x0fc, Access.READ);
    // spotless:on

    /** Where the device's configuration space begins. */
    static final int CONFIG = 0x100;

    static final int WIDTH_BYTES = 4;

    private static final @Nullable MmioRegister[] BY_WORD = new MmioRegister[CONFIG / WIDTH_BYTES];

    static {
        for (final MmioRegister register : values()) {
            BY_WORD[register.offset / WIDTH_BYTES] = register;
        }
    }

    private enum Access {
        READ,
        WRITE,
        READ_WRITE
    }

    private final int offset;
    private final Access access;

    MmioRegister(final int offset, final Access access) {
        this.offset = offset;
        this.access = access;
    }

    /** The register that a read at an offset below {@link #CONFIG} reaches; null when there is none to read. */
    static @Nullable MmioRegister toRead(final int offset, final int widthBytes) {
        return find(offset, widthBytes, Access.WRITE);
    }

    /** The register that a write at an offset below {@link #CONFIG} reaches; null when there is none to write. */
    static @Nullable MmioRegister toWrite(final int offset, final int widthBytes) {
        return find(offset, widthBytes, Access.READ);
    }

    private static @Nullable MmioRegister find(final int offset, final int widthBytes, final Access without) {
        if (offset < 0 || offset % WIDTH_BYTES != 0 || widthBytes != WIDTH_BYTES) {
            return null;
        }
        final MmioRegister register = BY_WORD[offset / WIDTH_BYTES];
        return register == null || register.access == without ? null : register;
    }
}
