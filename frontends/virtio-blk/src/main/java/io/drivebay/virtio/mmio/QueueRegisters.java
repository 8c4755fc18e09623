package io.drivebay.virtio.mmio;

import io.drivebay.virtio.queue.QueueLayout;

/** What a driver has written about one queue before it sets QueueReady. */
final class QueueRegisters {
    private static final long LOW = 0xffffffffL;

    private int size;
    private long descriptors;
    private long driverArea;
    private long deviceArea;

    QueueRegisters() {}

    void write(final MmioRegister register, final int value) {
        switch (register) {
            case QUEUE_NUM -> size = value;
            case QUEUE_DESC_LOW -> descriptors = low(descriptors, value);
            case QUEUE_DESC_HIGH -> descriptors = high(descriptors, value);
            case QUEUE_DRIVER_LOW -> driverArea = low(driverArea, value);
            case QUEUE_DRIVER_HIGH -> driverArea = high(driverArea, value);
            case QUEUE_DEVICE_LOW -> deviceArea = low(deviceArea, value);
            case QUEUE_DEVICE_HIGH -> deviceArea = high(deviceArea, value);
            default -> throw new IllegalArgumentException(register + " is no register of a queue's layout");
        }
    }

    private static long low(final long whole, final int value) {
        return (whole & ~LOW) | (value & LOW);
    }

    private static long high(final long whole, final int value) {
        return (whole & LOW) | ((long) value << Integer.SIZE);
    }

    QueueLayout layout() {
        return new QueueLayout(size, descriptors, driverArea, deviceArea);
    }
}
