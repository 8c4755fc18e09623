package io.drivebay.virtio.pci;

import io.drivebay.virtio.DriverRegisters;
import io.drivebay.virtio.QueueRegisters;
import io.drivebay.virtio.QueueRegisters.Field;
import io.drivebay.virtio.VirtioDevice;
import org.jspecify.annotations.Nullable;

/** What the common configuration structure reads and does when it is written (virtio 1.2, 4.1.4.3). */
final class CommonConfig {
    private static final int GENERATION_MASK = 0xff;

    private final VirtioDevice device;
    private final DriverRegisters registers;
    private final PciInterrupts interrupts;

    CommonConfig(final VirtioDevice device, final DriverRegisters registers, final PciInterrupts interrupts) {
        this.device = device;
        this.registers = registers;
        this.interrupts = interrupts;
    }

    int read(final CommonRegister register) {
        return switch (register) {
            case DEVICE_FEATURE_SELECT -> registers.deviceFeaturesSelect();
            case DEVICE_FEATURE -> registers.deviceFeatures();
            case DRIVER_FEATURE_SELECT -> registers.driverFeaturesSelect();
            case DRIVER_FEATURE -> registers.driverFeatures();
            case CONFIG_MSIX_VECTOR -> interrupts.vector(interrupts.configEvent());
            case NUM_QUEUES -> device.queueCount();
            case DEVICE_STATUS -> registers.status().read();
            case CONFIG_GENERATION -> device.configGeneration() & GENERATION_MASK;
            case QUEUE_SELECT -> registers.queueSelect();
            default -> readQueue(register);
        };
    }

    /**
     * Where there is no queue its size is 0, and so is the rest. A queue is known by where its notifications are written,
     * so it does not matter what they hold: the queue's number, with and without NOTIF_CONFIG_DATA.
     */
    private int readQueue(final CommonRegister register) {
        final QueueRegisters queue = registers.queue();
        if (queue == null) {
            return register == CommonRegister.QUEUE_MSIX_VECTOR ? PciInterrupts.NO_VECTOR : 0;
        }
        return switch (register) {
            case QUEUE_MSIX_VECTOR -> interrupts.vector(registers.queueSelect());
            case QUEUE_ENABLE -> registers.queueEnabled() ? 1 : 0;
            case QUEUE_NOTIFY_OFF, QUEUE_NOTIF_DATA -> registers.queueSelect();
            case QUEUE_RESET -> registers.queueResetting() ? 1 : 0;
            default -> readField(queue, register.queueField());
        };
    }

    private static int readField(final QueueRegisters queue, final @Nullable Field field) {
        return field == null ? 0 : queue.read(field);
    }

    void write(final CommonRegister register, final int value) {
        switch (register) {
            case DEVICE_FEATURE_SELECT -> registers.deviceFeaturesSelect(value);
            case DRIVER_FEATURE_SELECT -> registers.driverFeaturesSelect(value);
            case DRIVER_FEATURE -> registers.driverFeatures(value);
            case CONFIG_MSIX_VECTOR -> interrupts.vector(interrupts.configEvent(), value);
            case DEVICE_STATUS -> registers.writeStatus(value);
            case QUEUE_SELECT -> registers.queueSelect(value);
            case QUEUE_MSIX_VECTOR -> writeQueueVector(value);
            case QUEUE_ENABLE -> writeQueueEnable(value);
            case QUEUE_RESET -> registers.resetQueue(value);
            default -> registers.writeQueue(register.queueField(), value);
        }
    }

    private void writeQueueVector(final int vector) {
        if (registers.queueExists()) {
            interrupts.vector(registers.queueSelect(), vector);
        }
    }

    /** Only a reset takes a queue out of use: a driver must not write 0. */
    private void writeQueueEnable(final int value) {
        if (value == 1) {
            registers.enableQueue();
        }
    }
}
