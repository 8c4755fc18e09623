package io.drivebay.virtio.pci;

import io.drivebay.backend.guest.MmioDevice;
import io.drivebay.virtio.DriverRegisters;
import io.drivebay.virtio.LegacyRegisters;
import io.drivebay.virtio.QueueRegisters;
import io.drivebay.virtio.VirtioDevice;
import java.util.function.IntConsumer;

/**
 * The ports of the legacy interface (virtio 1.2, 4.1.4.10): a header, and the device's configuration right after it.
 * Queues have the size that the device says, in pages of 4096 bytes.
 */
final class LegacyWindow implements MmioDevice {
    private static final int WINDOW_BYTES = 128;
    private static final int PAGE_BYTES = 4096;

    private final VirtioDevice device;
    private final DriverRegisters registers;
    private final LegacyRegisters legacy;
    private final PciInterrupts interrupts;
    private final IntConsumer notifications;

    /**
     * The ports of a device.
     *
     * @param notifications takes the number of a queue that the driver notifies
     */
    LegacyWindow(
            final VirtioDevice device,
            final DriverRegisters registers,
            final PciInterrupts interrupts,
            final IntConsumer notifications) {
        this.device = device;
        this.registers = registers;
        this.legacy = new LegacyRegisters(registers, PAGE_BYTES);
        this.interrupts = interrupts;
        this.notifications = notifications;
    }

    @Override
    public int windowBytes() {
        return WINDOW_BYTES;
    }

    private int headerBytes() {
        return interrupts.messagesEnabled() ? LegacyRegister.BYTES_WITH_VECTORS : LegacyRegister.BYTES;
    }

    @Override
    public long read(final int offset, final int widthBytes) {
        final int header = headerBytes();
        if (offset >= header) {
            return device.readConfig(offset - header, widthBytes);
        }
        final LegacyRegister register = LegacyRegister.at(offset, widthBytes);
        return register == null ? 0 : Integer.toUnsignedLong(read(register));
    }

    private int read(final LegacyRegister register) {
        return switch (register) {
            case DEVICE_FEATURES -> legacy.deviceFeatures();
            case DRIVER_FEATURES -> legacy.driverFeatures();
            case QUEUE_ADDRESS -> legacy.page();
            case QUEUE_SIZE -> queueSize();
            case QUEUE_SELECT -> registers.queueSelect();
            case QUEUE_NOTIFY -> 0;
            case DEVICE_STATUS -> registers.status().read();
            case ISR_STATUS -> interrupts.takeIsr();
            case CONFIG_MSIX_VECTOR -> interrupts.vector(interrupts.configEvent());
            case QUEUE_MSIX_VECTOR ->
                registers.queueExists() ? interrupts.vector(registers.queueSelect()) : PciInterrupts.NO_VECTOR;
        };
    }

    private int queueSize() {
        final QueueRegisters queue = registers.queue();
        return queue == null ? 0 : queue.size();
    }

    @Override
    public void write(final int offset, final int widthBytes, final long value) {
        final int header = headerBytes();
        if (offset >= header) {
            device.writeConfig(offset - header, widthBytes, value);
            return;
        }
        final LegacyRegister register = LegacyRegister.at(offset, widthBytes);
        if (register != null) {
            write(register, (int) value);
        }
    }

    private void write(final LegacyRegister register, final int value) {
        switch (register) {
            case DRIVER_FEATURES -> legacy.driverFeatures(value);
            case QUEUE_ADDRESS -> legacy.page(value);
            case QUEUE_SELECT -> registers.queueSelect(value);
            case QUEUE_NOTIFY -> {
                legacy.startEarly();
                notifications.accept(value);
            }
            case DEVICE_STATUS -> legacy.writeStatus(value);
            case CONFIG_MSIX_VECTOR -> interrupts.vector(interrupts.configEvent(), value);
            case QUEUE_MSIX_VECTOR -> writeQueueVector(value);
            default -> {} // read-only
        }
    }

    private void writeQueueVector(final int vector) {
        if (registers.queueExists()) {
            interrupts.vector(registers.queueSelect(), vector);
        }
    }
}
