package io.drivebay.virtio;

import io.drivebay.virtio.queue.QueueLayout;

/** What a driver has written about one queue before it enables it. Addresses come in halves. */
public final class QueueRegisters {
    /** An address that a driver writes. */
    public enum Area {
        DESCRIPTORS,
        DRIVER,
        DEVICE
    }

    private static final long LOW = 0xffff_ffffL;

    private final long[] addresses = new long[Area.values().length];
    private int size;
    private boolean resetting;

    QueueRegisters(final int size) {
        this.size = size;
    }

    /** How many descriptors the queue is to have. */
    public int size() {
        return size;
    }

    public void size(final int newSize) {
        size = newSize;
    }

    /** Bits 0 to 31 of an address. */
    public int low(final Area area) {
        return (int) addresses[area.ordinal()];
    }

    public void low(final Area area, final int bits) {
        addresses[area.ordinal()] = (addresses[area.ordinal()] & ~LOW) | (bits & LOW);
    }

    /** Bits 32 to 63 of an address. */
    public int high(final Area area) {
        return (int) (addresses[area.ordinal()] >>> Integer.SIZE);
    }

    public void high(final Area area, final int bits) {
        addresses[area.ordinal()] = (addresses[area.ordinal()] & LOW) | ((long) bits << Integer.SIZE);
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

    long address(final Area area) {
        return addresses[area.ordinal()];
    }

    QueueLayout layout() {
        return new QueueLayout(size, address(Area.DESCRIPTORS), address(Area.DRIVER), address(Area.DEVICE));
    }

    void layout(final QueueLayout layout) {
        size = layout.size();
        addresses[Area.DESCRIPTORS.ordinal()] = layout.descriptors();
        addresses[Area.DRIVER.ordinal()] = layout.driverArea();
        addresses[Area.DEVICE.ordinal()] = layout.deviceArea();
    }
}
