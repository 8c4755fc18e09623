package io.drivebay.virtio.mmio;

import io.drivebay.virtio.QueueRegisters.Field;
import org.jspecify.annotations.Nullable;

/**
 * The registers of virtio-mmio, version 2 (virtio 1.2, 4.2.2) and 1 (legacy, 4.2.4): all 32 bits wide, aligned to 4
 * bytes.
 */
enum MmioRegister {
    // spotless:off
    MAGIC_VALUE        (0x000, Access.READ,       Versions.BOTH),
    VERSION            (0x004, Access.READ,       Versions.BOTH),
    DEVICE_ID          (0x008, Access.READ,       Versions.BOTH),
    VENDOR_ID          (0x00c, Access.READ,       Versions.BOTH),
    DEVICE_FEATURES    (0x010, Access.READ,       Versions.BOTH),
    DEVICE_FEATURES_SEL(0x014, Access.WRITE,      Versions.BOTH),
    DRIVER_FEATURES    (0x020, Access.WRITE,      Versions.BOTH),
    DRIVER_FEATURES_SEL(0x024, Access.WRITE,      Versions.BOTH),
    GUEST_PAGE_SIZE    (0x028, Access.WRITE,      Versions.LEGACY),
    QUEUE_SEL          (0x030, Access.WRITE,      Versions.BOTH),
    QUEUE_NUM_MAX      (0x034, Access.READ,       Versions.BOTH),
    QUEUE_NUM          (0x038, Access.WRITE,      Versions.BOTH,   Field.SIZE),
    QUEUE_ALIGN        (0x03c, Access.WRITE,      Versions.LEGACY),
    QUEUE_PFN          (0x040, Access.READ_WRITE, Versions.LEGACY),
    QUEUE_READY        (0x044, Access.READ_WRITE, Versions.MODERN),
    QUEUE_NOTIFY       (0x050, Access.WRITE,      Versions.BOTH),
    INTERRUPT_STATUS   (0x060, Access.READ,       Versions.BOTH),
    INTERRUPT_ACK      (0x064, Access.WRITE,      Versions.BOTH),
    STATUS             (0x070, Access.READ_WRITE, Versions.BOTH),
    QUEUE_DESC_LOW     (0x080, Access.WRITE,      Versions.MODERN, Field.DESCRIPTORS_LOW),
    QUEUE_DESC_HIGH    (0x084, Access.WRITE,      Versions.MODERN, Field.DESCRIPTORS_HIGH),
    QUEUE_DRIVER_LOW   (0x090, Access.WRITE,      Versions.MODERN, Field.DRIVER_LOW),
    QUEUE_DRIVER_HIGH  (0x094, Access.WRITE,      Versions.MODERN, Field.DRIVER_HIGH),
    QUEUE_DEVICE_LOW   (0x0a0, Access.WRITE,      Versions.MODERN, Field.DEVICE_LOW),
    QUEUE_DEVICE_HIGH  (0x0a4, Access.WRITE,      Versions.MODERN, Field.DEVICE_HIGH),
    SHM_SEL            (0x0ac, Access.WRITE,      Versions.MODERN),
    SHM_LEN_LOW        (0x0b0, Access.READ,       Versions.MODERN),
    SHM_LEN_HIGH       (0x0b4, Access.READ,       Versions.MODERN),
    SHM_BASE_LOW       (0x0b8, Access.READ,       Versions.MODERN),
    SHM_BASE_HIGH      (0x0bc, Access.READ,       Versions.MODERN),
    QUEUE_RESET        (0x0c0, Access.READ_WRITE, Versions.MODERN),
    CONFIG_GENERATION  (0x0fc, Access.READ,       Versions.MODERN);
    // spotless:on

    /** Where the device's configuration space begins. */
    static final int CONFIG = 0x100;

    static final int WIDTH_BYTES = 4;

    private static final @Nullable MmioRegister[] MODERN = table(Versions.LEGACY);
    private static final @Nullable MmioRegister[] LEGACY = table(Versions.MODERN);

    private enum Access {
        READ,
        WRITE,
        READ_WRITE
    }

    private enum Versions {
        LEGACY,
        MODERN,
        BOTH
    }

    private final int offset;
    private final Access access;
    private final Versions versions;
    private final @Nullable Field queueField;

    MmioRegister(final int offset, final Access access, final Versions versions) {
        this(offset, access, versions, null);
    }

    MmioRegister(final int offset, final Access access, final Versions versions, final @Nullable Field queueField) {
        this.offset = offset;
        this.access = access;
        this.versions = versions;
        this.queueField = queueField;
    }

    /** All registers by their word, but for those of one version alone. */
    private static @Nullable MmioRegister[] table(final Versions without) {
        final @Nullable MmioRegister[] byWord = new MmioRegister[CONFIG / WIDTH_BYTES];
        for (final MmioRegister register : values()) {
            if (register.versions != without) {
                byWord[register.offset / WIDTH_BYTES] = register;
            }
        }
        return byWord;
    }

    /** The register that a read at an offset below {@link #CONFIG} reaches; null when there is none to read. */
    static @Nullable MmioRegister toRead(final boolean legacy, final int offset, final int widthBytes) {
        return find(legacy, offset, widthBytes, Access.WRITE);
    }

    /** The register that a write at an offset below {@link #CONFIG} reaches; null when there is none to write. */
    static @Nullable MmioRegister toWrite(final boolean legacy, final int offset, final int widthBytes) {
        return find(legacy, offset, widthBytes, Access.READ);
    }

    private static @Nullable MmioRegister find(
            final boolean legacy, final int offset, final int widthBytes, final Access without) {
        if (offset < 0 || offset % WIDTH_BYTES != 0 || widthBytes != WIDTH_BYTES) {
            return null;
        }
        final MmioRegister register = (legacy ? LEGACY : MODERN)[offset / WIDTH_BYTES];
        return register == null || register.access == without ? null : register;
    }

    /** What of the selected queue stands here; null for all that has a meaning of its own. */
    @Nullable
    Field queueField() {
        return queueField;
    }
}
