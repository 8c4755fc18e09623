package io.drivebay.virtio.pci;

import io.drivebay.virtio.DriverRegisters;
import io.drivebay.virtio.QueueRegisters;
import io.drivebay.virtio.QueueRegisters.Area;
import io.drivebay.virtio.VirtioDevice;

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

    /** Where there is no queue its size is 0, and so is the rest. */
    private int readQueue(final CommonRegister register) {
        final QueueRegisters queue = registers.queue();
        if (queue == null) {
            return register == CommonRegister.QUEUE_MSIX_VECTOR ? PciInterrupts.NO_VECTOR : 0;
        }
        return switch (register) {
            case QUEUE_SIZE -> queue.size();
            case QUEUE_MSIX_VECTOR -> interrupts.vector(registers.queueSelect());
            case QUEUE_ENABLE -> registers.queueEnabled() ? 1 : 0;
            case QUEUE_NOTIFY_OFF -> registers.queueSelect();
            case QUEUE_RESET -> registers.queueResetting() ? 1 : 0;
            case QUEUE_DESC_LOW -> queue.low(Area.DESCRIPTORS);
            case QUEUE_DESC_HIGH -> queue.high(Area.DESCRIPTORS);
            case QUEUE_DRIVER_LOW -> queue.low(Area.DRIVER);
            case QUEUE_DRIVER_HIGH -> queue.high(Area.DRIVER);
            case QUEUE_DEVICE_LOW -> queue.low(Area.DEVICE);
            case QUEUE_DEVICE_HIGH -> queue.high(Area.DEVICE);
            default -> 0;
        };
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
            case QUEUE_RESET -> writeQueueReset(value);
            default -> writeQueue(register, value);
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

    private void writeQueueReset(final int value) {
        if (value == 1) {
            registers.resetQueue();
        }
    }

    private void writeQueue(final CommonRegister register, final int value) {
        final QueueRegisters queue = registers.writableQueue();
        if (queue == null) {
            return;
        }
        switch (register) {
            case QUEUE_SIZE -> queue.size(value);
            case QUEUE_DESC_LOW -> queue.low(Area.DESCRIPTORS, value);
            case QUEUE_DESC_HIGH -> queue.high(Area.DESCRIPTORS, value);
            case QUEUE_DRIVER_LOW -> queue.low(Area.DRIVER, value);
            case QUEUE_DRIVER_HIGH -> queue.high(Area.DRIVER, value);
            case QUEUE_DEVICE_LOW -> queue.low(Area.DEVICE, value);
            case QUEUE_DEVICE_HIGH -> queue.high(Area.DEVICE, value);
            default -> {} // read-only
        }
    }
}
