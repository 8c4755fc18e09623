package io.drivebay.sim.virtio;

import io.drivebay.sim.machine.AddressSpace;
import io.drivebay.sim.pci.PciHandle;

/** Virtio over PCI, the modern interface (virtio 1.2, section 4.1). The function's windows have been placed. */
public final class PciTransport extends PciInterface {
    // spotless:off
    private static final int DEVICE_FEATURE_SELECT = 0;
    private static final int DEVICE_FEATURE        = 4;
    private static final int DRIVER_FEATURE_SELECT = 8;
    private static final int DRIVER_FEATURE        = 12;
    private static final int CONFIG_MSIX_VECTOR    = 16;
    private static final int NUM_QUEUES            = 18;
    private static final int DEVICE_STATUS         = 20;
    private static final int CONFIG_GENERATION     = 21;
    private static final int QUEUE_SELECT          = 22;
    private static final int QUEUE_SIZE            = 24;
    private static final int QUEUE_MSIX_VECTOR     = 26;
    private static final int QUEUE_ENABLE          = 28;
    private static final int QUEUE_NOTIFY_OFF      = 30;
    private static final int QUEUE_DESC            = 32;
    private static final int QUEUE_DRIVER          = 40;
    private static final int QUEUE_DEVICE          = 48;
    private static final int QUEUE_NOTIF_DATA      = 56;
    private static final int QUEUE_RESET           = 58;
    // spotless:on

    /** With NOTIFICATION_DATA; two without. */
    private static final int NOTIFICATION_BYTES = 4;

    private final AddressSpace memory;
    private final VirtioCapability isr;
    private final VirtioCapability device;
    private final VirtioCapability notify;
    private final long[] notifyAddresses;
    /* What a notification of each queue holds: its number, or what the device asks for (4.1.5.2). */
    private final int[] notifyData;
    private long features;

    /**
     * Finds a device's structures.
     *
     * @throws DeviceViolation when one is missing or cannot be (4.1.4)
     */
    public PciTransport(final PciHandle function, final AddressSpace memory, final PciEvents events) {
        super(
                function,
                memory,
                VirtioCapability.find(function, VirtioCapability.COMMON, QUEUE_DEVICE + 8)
                        .address(),
                events);
        this.memory = memory;
        this.isr = VirtioCapability.find(function, VirtioCapability.ISR, 1);
        this.device = VirtioCapability.find(function, VirtioCapability.DEVICE, 4);
        this.notify = VirtioCapability.find(function, VirtioCapability.NOTIFY, 2);
        function.enable(PciHandle.MEMORY | PciHandle.MASTER);
        this.notifyAddresses = new long[get(NUM_QUEUES, 2)];
        this.notifyData = new int[notifyAddresses.length];
    }

    private void setAddress(final int field, final long address) {
        set(field, 4, (int) address);
        set(field + 4, 4, (int) (address >>> Integer.SIZE));
    }

    @Override
    public long deviceFeatures() {
        set(DEVICE_FEATURE_SELECT, 4, 1);
        final long high = get(DEVICE_FEATURE, 4);
        set(DEVICE_FEATURE_SELECT, 4, 0);
        return high << Integer.SIZE | (get(DEVICE_FEATURE, 4) & 0xffff_ffffL);
    }

    @Override
    public void driverFeatures(final long accepted) {
        features = accepted;
        set(DRIVER_FEATURE_SELECT, 4, 0);
        set(DRIVER_FEATURE, 4, (int) accepted);
        set(DRIVER_FEATURE_SELECT, 4, 1);
        set(DRIVER_FEATURE, 4, (int) (accepted >>> Integer.SIZE));
    }

    @Override
    public int status() {
        return get(DEVICE_STATUS, 1);
    }

    @Override
    public void status(final int bits) {
        set(DEVICE_STATUS, 1, bits);
    }

    @Override
    public int queueSizeMax(final int queue) {
        set(QUEUE_SELECT, 2, queue);
        return get(QUEUE_SIZE, 2);
    }

    @Override
    public boolean queueReady(final int queue) {
        set(QUEUE_SELECT, 2, queue);
        return get(QUEUE_ENABLE, 2) != 0;
    }

    @Override
    public void enableQueue(final int queue, final int size, final QueueAddresses addresses) {
        if (events().messages()) {
            map(CONFIG_MSIX_VECTOR, events().configVector());
        }
        set(QUEUE_SELECT, 2, queue);
        set(QUEUE_SIZE, 2, size);
        if (events().messages()) {
            map(QUEUE_MSIX_VECTOR, events().queueVector(queue));
        }
        notifyAddresses[queue] = notify.address() + (long) get(QUEUE_NOTIFY_OFF, 2) * notify.notifyMultiplier();
        if (notifyAddresses[queue] + NOTIFICATION_BYTES > notify.address() + notify.bytes()) {
            throw new DeviceViolation("queue " + queue + " is notified beyond the capability's length (4.1.4.4.1)");
        }
        notifyData[queue] = VirtioFeature.NOTIF_CONFIG_DATA.in(features) ? get(QUEUE_NOTIF_DATA, 2) : queue;
        setAddress(QUEUE_DESC, addresses.descriptors());
        setAddress(QUEUE_DRIVER, addresses.driverArea());
        setAddress(QUEUE_DEVICE, addresses.deviceArea());
        set(QUEUE_ENABLE, 2, 1);
    }

    /** Maps an event to a vector and looks whether that was possible (4.1.5.1.2.2). */
    private void map(final int field, final int vector) {
        set(field, 2, vector);
        if (get(field, 2) != vector) {
            throw new IllegalStateException("the device has no resources for vector " + vector);
        }
    }

    @Override
    public void resetQueue(final int queue) {
        set(QUEUE_SELECT, 2, queue);
        set(QUEUE_RESET, 2, 1);
    }

    @Override
    public boolean queueResetting(final int queue) {
        set(QUEUE_SELECT, 2, queue);
        return get(QUEUE_RESET, 2) != 0;
    }

    @Override
    public void notify(final int queue) {
        memory.write(notifyAddresses[queue], 2, notifyData[queue]);
    }

    @Override
    public void notify(final int queue, final int next) {
        memory.write(notifyAddresses[queue], NOTIFICATION_BYTES, notifyData[queue] | (next & 0xffffL) << Short.SIZE);
    }

    @Override
    public int config(final int offset, final int widthBytes) {
        return (int) memory.read(device.address() + offset, widthBytes);
    }

    @Override
    public void config(final int offset, final int widthBytes, final int value) {
        memory.write(device.address() + offset, widthBytes, Integer.toUnsignedLong(value));
    }

    @Override
    public int configGeneration() {
        return get(CONFIG_GENERATION, 1);
    }

    @Override
    int isr() {
        return (int) memory.read(isr.address(), 1);
    }
}
