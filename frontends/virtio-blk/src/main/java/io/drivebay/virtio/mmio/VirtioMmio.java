package io.drivebay.virtio.mmio;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.virtio.DeviceStatus;
import io.drivebay.virtio.DriverRegisters;
import io.drivebay.virtio.GuestEvents;
import io.drivebay.virtio.LegacyRegisters;
import io.drivebay.virtio.VirtioDevice;
import io.drivebay.virtio.VirtioFeatures;

/**
 * The virtio-mmio transport, version 2 (virtio 1.2, 4.2) or the legacy version 1 (4.2.4): 512 bytes of registers and one
 * level-triggered interrupt.
 *
 * <p>Registers are accessed 32 bits at a time, the configuration space from offset 0x100 on in any width; everything
 * else reads as 0 and ignores writes.
 */
public final class VirtioMmio implements MmioDevice, GuestEvents {
    /** Size of the register window in bytes. */
    public static final int WINDOW_BYTES = 0x200;

    private static final int MAGIC = 0x74726976;
    private static final int LEGACY_VERSION = 1;
    private static final int MODERN_VERSION = 2;
    /** "dbay" in ASCII. */
    private static final int VENDOR = 0x79616264;

    private static final int NO_SUCH_REGION = -1;
    private static final int DRIVERS_PAGES = 0;
    private static final int DRIVERS_SIZES = 0;
    private static final long NO_FEATURES = 0;
    private static final int QUEUE_MASK = 0xffff;

    private final VirtioDevice device;
    private final boolean isLegacy;
    private final MmioInterrupts interrupts;
    private final DriverRegisters registers;
    private final LegacyRegisters legacy;

    private VirtioMmio(final VirtioDevice device, final InterruptLine line, final boolean isLegacy) {
        this.device = device;
        this.isLegacy = isLegacy;
        this.interrupts = new MmioInterrupts(line);
        this.registers = new DriverRegisters(device, DRIVERS_SIZES, interrupts::clear, NO_FEATURES);
        this.legacy = new LegacyRegisters(registers, DRIVERS_PAGES);
        device.connect(this);
    }

    /** Puts a device behind registers of version 2; the device's events go to the line from now on. */
    public VirtioMmio(final VirtioDevice device, final InterruptLine line) {
        this(device, line, false);
    }

    /** Puts a device behind registers of version 1, as drivers older than virtio 1.0 know them. */
    public static VirtioMmio legacy(final VirtioDevice device, final InterruptLine line) {
        return new VirtioMmio(device, line, true);
    }

    @Override
    public int windowBytes() {
        return WINDOW_BYTES;
    }

    // ---- reading ----

    @Override
    public long read(final int offset, final int widthBytes) {
        if (offset >= MmioRegister.CONFIG) {
            return device.readConfig(offset - MmioRegister.CONFIG, widthBytes);
        }
        final MmioRegister register = MmioRegister.toRead(isLegacy, offset, widthBytes);
        return register == null ? 0 : Integer.toUnsignedLong(read(register));
    }

    private int read(final MmioRegister register) {
        return switch (register) {
            case MAGIC_VALUE -> MAGIC;
            case VERSION -> isLegacy ? LEGACY_VERSION : MODERN_VERSION;
            case DEVICE_ID -> device.deviceType();
            case VENDOR_ID -> VENDOR;
            case DEVICE_FEATURES -> readDeviceFeatures();
            case QUEUE_NUM_MAX -> registers.queueExists() ? device.maxQueueSize() : 0;
            case QUEUE_PFN -> legacy.page();
            case QUEUE_READY -> registers.queueEnabled() ? 1 : 0;
            case QUEUE_RESET -> registers.queueResetting() ? 1 : 0;
            case INTERRUPT_STATUS -> interrupts.read();
            case STATUS -> registers.status().read();
            case SHM_LEN_LOW, SHM_LEN_HIGH, SHM_BASE_LOW, SHM_BASE_HIGH -> NO_SUCH_REGION;
            case CONFIG_GENERATION -> device.configGeneration();
            default -> 0;
        };
    }

    private int readDeviceFeatures() {
        if (isLegacy) {
            return registers.deviceFeaturesSelect() == 0 ? legacy.deviceFeatures() : 0;
        }
        return registers.deviceFeatures();
    }

    // ---- writing ----

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        if (offset >= MmioRegister.CONFIG) {
            device.writeConfig(offset - MmioRegister.CONFIG, widthBytes, value);
            return;
        }
        final MmioRegister register = MmioRegister.toWrite(isLegacy, offset, widthBytes);
        if (register != null) {
            write(register, (int) value);
        }
    }

    private void write(final MmioRegister register, final int value) {
        switch (register) {
            case QUEUE_NOTIFY -> notifyQueue(value);
            case INTERRUPT_ACK -> interrupts.acknowledge(value);
            case STATUS -> writeStatus(value);
            case DEVICE_FEATURES_SEL -> registers.deviceFeaturesSelect(value);
            case DRIVER_FEATURES_SEL -> registers.driverFeaturesSelect(value);
            case DRIVER_FEATURES -> writeDriverFeatures(value);
            case GUEST_PAGE_SIZE -> legacy.pageBytes(value);
            case QUEUE_SEL -> registers.queueSelect(value);
            case QUEUE_ALIGN -> legacy.alignment(value);
            case QUEUE_PFN -> legacy.page(value);
            case QUEUE_READY -> writeQueueReady(value);
            case QUEUE_RESET -> registers.resetQueue(value);
            default -> registers.writeQueue(register.queueField(), value);
        }
    }

    /** With NOTIFICATION_DATA the upper half says how far the driver is (2.9), which the ring says as well. */
    private void notifyQueue(final int value) {
        if (isLegacy) {
            legacy.startEarly();
        }
        device.notifyQueue(registers.accepted(VirtioFeatures.NOTIFICATION_DATA) ? value & QUEUE_MASK : value);
    }

    private void writeStatus(final int value) {
        if (isLegacy) {
            legacy.writeStatus(value);
        } else {
            registers.writeStatus(value);
        }
    }

    private void writeDriverFeatures(final int value) {
        if (!isLegacy) {
            registers.driverFeatures(value);
        } else if (registers.driverFeaturesSelect() == 0) {
            legacy.driverFeatures(value);
        }
    }

    private void writeQueueReady(final int value) {
        if (value == 0) {
            registers.disableQueue();
        } else if (value == 1) {
            registers.enableQueue();
        }
    }

    // ---- what the device has to tell ----

    @Override
    public void queueUsed(final int queue) {
        interrupts.raise(MmioInterrupts.USED_BUFFER);
    }

    @Override
    public void configChanged() {
        if (registers.status().has(DeviceStatus.DRIVER_OK)) {
            interrupts.raise(MmioInterrupts.CONFIG_CHANGE);
        }
    }

    @Override
    public void needsReset(final String why) {
        if (registers.status().needReset(why)) {
            interrupts.raise(MmioInterrupts.CONFIG_CHANGE);
        }
    }
}
