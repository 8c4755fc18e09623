package io.drivebay.virtio.mmio;

import io.drivebay.backend.guest.InterruptLine;
import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.virtio.DeviceStatus;
import io.drivebay.virtio.GuestEvents;
import io.drivebay.virtio.StatusRegister;
import io.drivebay.virtio.VirtioDevice;
import org.jspecify.annotations.Nullable;

/**
 * The virtio-mmio transport, version 2 (virtio 1.2, 4.2): 512 bytes of registers and one level-triggered interrupt.
 *
 * <p>Registers are accessed 32 bits at a time, the configuration space from offset 0x100 on in any width; everything
 * else reads as 0 and ignores writes.
 */
public final class VirtioMmio implements MmioDevice, GuestEvents {
    /** Size of the register window in bytes. */
    public static final int WINDOW_BYTES = 0x200;

    private static final int MAGIC = 0x74726976;
    private static final int VERSION = 2;
    /** "dbay" in ASCII. */
    private static final int VENDOR = 0x79616264;

    private static final int NO_SUCH_REGION = -1;
    /** A choice that no device offers: stands for bits beyond the 64 that exist. */
    private static final long BEYOND_EVERY_OFFER = ~0L;

    private final VirtioDevice device;
    private final StatusRegister status;
    private final MmioInterrupts interrupts;
    private final QueueRegisters[] queues;
    private int deviceFeaturesSel;
    private int driverFeaturesSel;
    private int queueSel;
    private long driverFeatures;
    private int driverFeaturesBeyond;

    /** Puts a device behind registers; the device's events go to the line from now on. */
    public VirtioMmio(final VirtioDevice device, final InterruptLine line) {
        this.device = device;
        this.status = new StatusRegister(device);
        this.interrupts = new MmioInterrupts(line);
        this.queues = new QueueRegisters[device.queueCount()];
        forget();
        device.connect(this);
    }

    private void forget() {
        for (int i = 0; i < queues.length; i++) {
            queues[i] = new QueueRegisters();
        }
        deviceFeaturesSel = 0;
        driverFeaturesSel = 0;
        queueSel = 0;
        driverFeatures = 0;
        driverFeaturesBeyond = 0;
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
        final MmioRegister register = MmioRegister.toRead(offset, widthBytes);
        return register == null ? 0 : Integer.toUnsignedLong(read(register));
    }

    private int read(final MmioRegister register) {
        return switch (register) {
            case MAGIC_VALUE -> MAGIC;
            case VERSION -> VERSION;
            case DEVICE_ID -> device.deviceType();
            case VENDOR_ID -> VENDOR;
            case DEVICE_FEATURES -> half(device.offeredFeatures(), deviceFeaturesSel);
            case QUEUE_NUM_MAX -> queueExists() ? device.maxQueueSize() : 0;
            case QUEUE_READY -> queueExists() && device.queueEnabled(queueSel) ? 1 : 0;
            case INTERRUPT_STATUS -> interrupts.read();
            case STATUS -> status.read();
            case SHM_LEN_LOW, SHM_LEN_HIGH, SHM_BASE_LOW, SHM_BASE_HIGH -> NO_SUCH_REGION;
            case CONFIG_GENERATION -> device.configGeneration();
            default -> 0;
        };
    }

    /** Bits 0 to 31 or 32 to 63; further features do not exist. */
    private static int half(final long features, final int selector) {
        return switch (selector) {
            case 0 -> (int) features;
            case 1 -> (int) (features >>> Integer.SIZE);
            default -> 0;
        };
    }

    private boolean queueExists() {
        return queueSel >= 0 && queueSel < queues.length;
    }

    // ---- writing ----

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        if (offset >= MmioRegister.CONFIG) {
            device.writeConfig(offset - MmioRegister.CONFIG, widthBytes, value);
            return;
        }
        final MmioRegister register = MmioRegister.toWrite(offset, widthBytes);
        if (register != null) {
            write(register, (int) value);
        }
    }

    private void write(final MmioRegister register, final int value) {
        switch (register) {
            case QUEUE_NOTIFY -> device.notifyQueue(value);
            case INTERRUPT_ACK -> interrupts.acknowledge(value);
            case STATUS -> writeStatus(value);
            case DEVICE_FEATURES_SEL -> deviceFeaturesSel = value;
            case DRIVER_FEATURES_SEL -> driverFeaturesSel = value;
            case DRIVER_FEATURES -> writeDriverFeatures(value);
            case QUEUE_SEL -> queueSel = value;
            case QUEUE_READY -> writeQueueReady(value);
            case QUEUE_NUM,
                    QUEUE_DESC_LOW,
                    QUEUE_DESC_HIGH,
                    QUEUE_DRIVER_LOW,
                    QUEUE_DRIVER_HIGH,
                    QUEUE_DEVICE_LOW,
                    QUEUE_DEVICE_HIGH -> writeLayout(register, value);
            default -> {} // SHMSel: there are no shared memory regions to select
        }
    }

    private void writeStatus(final int value) {
        if ((value & 0xff) == 0) {
            forget();
        }
        status.write(value, driverFeaturesBeyond == 0 ? driverFeatures : BEYOND_EVERY_OFFER, interrupts::clear);
    }

    /** The choice is final once FEATURES_OK is set (virtio 1.2, 2.2.1). */
    private void writeDriverFeatures(final int value) {
        if (status.has(DeviceStatus.FEATURES_OK)) {
            return;
        }
        final long bits = Integer.toUnsignedLong(value);
        switch (driverFeaturesSel) {
            case 0 -> driverFeatures = (driverFeatures & ~0xffffffffL) | bits;
            case 1 -> driverFeatures = (driverFeatures & 0xffffffffL) | (bits << Integer.SIZE);
            default -> driverFeaturesBeyond |= value;
        }
    }

    private void writeLayout(final MmioRegister register, final int value) {
        final QueueRegisters queue = selected();
        if (queue != null && !device.queueEnabled(queueSel)) {
            queue.write(register, value);
        }
    }

    /** The form of a queue depends on the features: it cannot be ready before FEATURES_OK (virtio 1.2, 3.1.1). */
    private void writeQueueReady(final int value) {
        final QueueRegisters queue = selected();
        if (queue == null || status.resetting() || !status.has(DeviceStatus.FEATURES_OK)) {
            return;
        }
        if (value == 0) {
            device.disableQueue(queueSel);
        } else if (value == 1) {
            device.enableQueue(queueSel, queue.layout());
        }
    }

    private @Nullable QueueRegisters selected() {
        return queueExists() ? queues[queueSel] : null;
    }

    // ---- what the device has to tell ----

    @Override
    public void queueUsed(final int queue) {
        interrupts.raise(MmioInterrupts.USED_BUFFER);
    }

    @Override
    public void configChanged() {
        if (status.has(DeviceStatus.DRIVER_OK)) {
            interrupts.raise(MmioInterrupts.CONFIG_CHANGE);
        }
    }

    @Override
    public void needsReset(final String why) {
        if (status.needReset(why)) {
            interrupts.raise(MmioInterrupts.CONFIG_CHANGE);
        }
    }
}
