package io.drivebay.virtio;

import io.drivebay.virtio.queue.QueueLayout;

/** What a driver has written about one queue before it enables it. Addresses come in halves. */
public final class QueueRegisters {
    /** What a driver writes about a queue, 32 bits at most. */
    public enum Field {
        SIZE,
        DESCRIPTORS_LOW,
        DESCRIPTORS_HIGH,
        DRIVER_LOW,
        DRIVER_HIGH,
        DEVICE_LOW,
        DEVICE_HIGH
    }

    private final int[] fields = new int[Field.values().length];
    private boolean resetting;

    QueueRegisters(final int size) {
        write(Field.SIZE, size);
    }

    public int read(final Field field) {
        return fields[field.ordinal()];
    }

    void write(final Field field, final int value) {
        fields[field.ordinal()] = value;
    }

    /** How many descriptors the queue is to have. */
    public int size() {
        return read(Field.SIZE);
    }

    /** The queue alone is reset: as at the beginning, but for that. */
    void reset(final int newSize) {
        layout(new QueueLayout(newSize, 0, 0, 0));
        resetting = true;
    }

    /** The queue is put to use: its last reset is over. */
    void enabled() {
        resetting = false;
    }

    /** True since the queue was reset alone. */
    boolean resetting() {
        return resetting;
    }

    QueueLayout layout() {
        return new QueueLayout(
                size(),
                address(Field.DESCRIPTORS_LOW, Field.DESCRIPTORS_HIGH),
                address(Field.DRIVER_LOW, Field.DRIVER_HIGH),
                address(Field.DEVICE_LOW, Field.DEVICE_HIGH));
    }

    private long address(final Field low, final Field high) {
        return (long) read(high) << Integer.SIZE | Integer.toUnsignedLong(read(low));
    }

    void layout(final QueueLayout layout) {
        write(Field.SIZE, layout.size());
        address(Field.DESCRIPTORS_LOW, Field.DESCRIPTORS_HIGH, layout.descriptors());
        address(Field.DRIVER_LOW, Field.DRIVER_HIGH, layout.driverArea());
        address(Field.DEVICE_LOW, Field.DEVICE_HIGH, layout.deviceArea());
    }

    private void address(final Field low, final Field high, final long value) {
        write(low, (int) value);
        write(high, (int) (value >>> Integer.SIZE));
    }
}
