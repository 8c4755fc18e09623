package io.drivebay.virtio;

import io.drivebay.virtio.queue.QueueLayout;

/**
 * The rules of the legacy interface where they differ (virtio 1.2, 2.2.3, 2.7.2, 3.1.2, 4.1.5.1.3.1 and 4.2.4): 32
 * features that take effect when they are written, no FEATURES_OK, queues in one piece at a page's number.
 *
 * <p>All fields are little-endian, as the guests here are. One vCPU's thread at a time.
 */
public final class LegacyRegisters {
    private static final int DESCRIPTOR_BYTES = 16;
    private static final int AVAILABLE_BYTES = 6;
    private static final int HEAD_BYTES = 2;

    private final DriverRegisters registers;
    private final VirtioDevice device;
    private long pageBytes;
    private long alignment;

    /**
     * Legacy rules over a transport's registers.
     *
     * @param pageBytes the unit of queue addresses and the alignment of used rings; 0: the driver will say
     */
    public LegacyRegisters(final DriverRegisters registers, final int pageBytes) {
        this.registers = registers;
        this.device = registers.device();
        this.pageBytes = pageBytes;
        this.alignment = pageBytes;
    }

    /** The features that fit into the interface. VERSION_1 does not; any framing of requests was an option then. */
    public int deviceFeatures() {
        return (int) (device.legacyFeatures() | VirtioFeatures.ANY_LAYOUT);
    }

    /**
     * The driver's choice, which cannot be refused: what was not offered is left out (2.2.3). It is final once there is a
     * queue or the driver is ready.
     */
    public void driverFeatures(final int bits) {
        registers.driverFeaturesSelect(0);
        if (!registers.status().has(DeviceStatus.DRIVER_OK | DeviceStatus.FEATURES_OK) && !anyQueueEnabled()) {
            final int chosen = bits & deviceFeatures();
            registers.driverFeatures(chosen);
            device.negotiate(Integer.toUnsignedLong(chosen) & ~VirtioFeatures.ANY_LAYOUT);
        }
    }

    /** What the driver has chosen. */
    public int driverFeatures() {
        registers.driverFeaturesSelect(0);
        return registers.driverFeatures();
    }

    private boolean anyQueueEnabled() {
        for (int i = 0; i < device.queueCount(); i++) {
            if (device.queueEnabled(i)) {
                return true;
            }
        }
        return false;
    }

    /** Writes the status; 0 resets all but the sizes of pages, which drivers write before they reset. */
    public void writeStatus(final int value) {
        registers.writeLegacyStatus(value);
    }

    /** Says how large the driver's pages are: a power of two. */
    public void pageBytes(final int bytes) {
        pageBytes = powerOfTwo(bytes) ? bytes : pageBytes;
    }

    /** Says on which multiple the used ring begins: a power of two. */
    public void alignment(final int bytes) {
        alignment = powerOfTwo(bytes) ? bytes : alignment;
    }

    private static boolean powerOfTwo(final int value) {
        return value > 0 && Integer.bitCount(value) == 1;
    }

    /** The page number of the selected queue; 0 while it is not in use. */
    public int page() {
        final QueueRegisters queue = registers.queue();
        if (queue == null || pageBytes == 0 || !registers.queueEnabled()) {
            return 0;
        }
        return (int) (queue.layout().descriptors() / pageBytes);
    }

    /** Puts the selected queue where the driver has it, and to use; page 0 takes it out of use. */
    public void page(final int number) {
        final QueueRegisters queue = registers.writableQueue();
        if (registers.status().resetting() || !registers.queueExists()) {
            return;
        }
        if (number == 0) {
            device.disableQueue(registers.queueSelect());
        } else if (queue != null && pageBytes != 0 && alignment != 0) {
            queue.layout(layout(queue.size(), Integer.toUnsignedLong(number) * pageBytes));
            device.enableQueue(registers.queueSelect(), queue.layout());
        }
    }

    /** One piece: descriptors, available ring, and from the next aligned address on the used ring (2.7.2). */
    private QueueLayout layout(final int size, final long address) {
        final long available = address + (long) DESCRIPTOR_BYTES * size;
        final long end = available + AVAILABLE_BYTES + (long) HEAD_BYTES * size;
        return new QueueLayout(size, address, available, (end + alignment - 1) & -alignment);
    }

    /** The driver notifies a queue. Legacy drivers do that before they set DRIVER_OK (3.1.2). */
    public void startEarly() {
        if (!registers.status().has(DeviceStatus.DRIVER_OK)
                && !registers.status().resetting()
                && registers.status().has(DeviceStatus.ACKNOWLEDGE | DeviceStatus.DRIVER)) {
            device.start();
        }
    }
}
