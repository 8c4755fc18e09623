package io.drivebay.sim.virtio;

import io.drivebay.sim.machine.AddressSpace;
import io.drivebay.sim.pci.PciHandle;

/** Virtio over PCI, the legacy interface (virtio 1.2, section 4.1.4.10): ports at base address 0. */
public final class PciLegacyTransport extends PciInterface {
    // spotless:off
    private static final int DEVICE_FEATURES    = 0;
    private static final int DRIVER_FEATURES    = 4;
    private static final int QUEUE_ADDRESS      = 8;
    private static final int QUEUE_SIZE         = 12;
    private static final int QUEUE_SELECT       = 14;
    private static final int QUEUE_NOTIFY       = 16;
    private static final int DEVICE_STATUS      = 18;
    private static final int ISR_STATUS         = 19;
    private static final int CONFIG_MSIX_VECTOR = 20;
    private static final int QUEUE_MSIX_VECTOR  = 22;
    private static final int CONFIG             = 20;
    private static final int CONFIG_AFTER_MSIX  = 24;
    // spotless:on

    private static final int PAGE_SHIFT = 12;

    /** Uses the ports of a function, whose windows have been placed. */
    public PciLegacyTransport(final PciHandle function, final AddressSpace ports, final PciEvents events) {
        super(function, ports, portsOf(function), events);
        function.enable(PciHandle.IO | PciHandle.MASTER);
    }

    private static long portsOf(final PciHandle function) {
        if (!function.isIo(0)) {
            throw new DeviceViolation(function + " has no ports at base address 0 (4.1.4.10)");
        }
        return function.address(0);
    }

    @Override
    public boolean legacy() {
        return true;
    }

    @Override
    public long deviceFeatures() {
        return Integer.toUnsignedLong(get(DEVICE_FEATURES, 4));
    }

    @Override
    public void driverFeatures(final long features) {
        set(DRIVER_FEATURES, 4, (int) features);
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
        return get(QUEUE_ADDRESS, 4) != 0;
    }

    @Override
    public void enableQueue(final int queue, final int size, final QueueAddresses addresses) {
        final int fixed = queueSizeMax(queue);
        if (size != fixed) {
            throw new IllegalArgumentException("queue " + queue + " has " + fixed + " descriptors, not " + size);
        }
        LegacyLayout.check(size, addresses);
        if (events().messages()) {
            set(CONFIG_MSIX_VECTOR, 2, events().configVector());
            set(QUEUE_MSIX_VECTOR, 2, events().queueVector(queue));
        }
        set(QUEUE_ADDRESS, 4, (int) (addresses.descriptors() >>> PAGE_SHIFT));
    }

    @Override
    public void resetQueue(final int queue) {
        throw new IllegalStateException("the legacy interface does not reset queues alone");
    }

    @Override
    public boolean queueResetting(final int queue) {
        return false;
    }

    @Override
    public void notify(final int queue, final int next) {
        throw new IllegalStateException("the legacy interface has no room for more than a queue's number");
    }

    @Override
    public void notify(final int queue) {
        set(QUEUE_NOTIFY, 2, queue);
    }

    private int configAt(final int offset) {
        return (events().messages() ? CONFIG_AFTER_MSIX : CONFIG) + offset;
    }

    @Override
    public int config(final int offset, final int widthBytes) {
        return get(configAt(offset), widthBytes);
    }

    @Override
    public void config(final int offset, final int widthBytes, final int value) {
        set(configAt(offset), widthBytes, value);
    }

    @Override
    public int configGeneration() {
        return LegacyLayout.configGeneration(this);
    }

    @Override
    int isr() {
        return get(ISR_STATUS, 1);
    }
}
