package io.drivebay.sim.virtio;

import io.drivebay.sim.machine.Bus;
import io.drivebay.sim.machine.GuestInterrupt;
import io.drivebay.sim.machine.Machine;

/** Virtio over MMIO, version 2 (virtio 1.2, section 4.2) and the legacy version 1 (4.2.4). */
public final class MmioTransport implements VirtioTransport {
    // spotless:off
    private static final int MAGIC_VALUE         = 0x000;
    private static final int VERSION             = 0x004;
    private static final int DEVICE_ID           = 0x008;
    private static final int DEVICE_FEATURES     = 0x010;
    private static final int DEVICE_FEATURES_SEL = 0x014;
    private static final int DRIVER_FEATURES     = 0x020;
    private static final int DRIVER_FEATURES_SEL = 0x024;
    private static final int GUEST_PAGE_SIZE     = 0x028;
    private static final int QUEUE_SEL           = 0x030;
    private static final int QUEUE_SIZE_MAX      = 0x034;
    private static final int QUEUE_SIZE          = 0x038;
    private static final int QUEUE_ALIGN         = 0x03c;
    private static final int QUEUE_PFN           = 0x040;
    private static final int QUEUE_READY         = 0x044;
    private static final int QUEUE_NOTIFY        = 0x050;
    private static final int INTERRUPT_STATUS    = 0x060;
    private static final int INTERRUPT_ACK       = 0x064;
    private static final int STATUS              = 0x070;
    private static final int QUEUE_DESC_LOW      = 0x080;
    private static final int QUEUE_DRIVER_LOW    = 0x090;
    private static final int QUEUE_DEVICE_LOW    = 0x0a0;
    private static final int QUEUE_RESET         = 0x0c0;
    private static final int CONFIG_GENERATION   = 0x0fc;
    private static final int CONFIG              = 0x100;
    // spotless:on

    private static final int MAGIC = 0x74726976; // "virt"
    private static final int VERSION_1 = 1;
    private static final int VERSION_2 = 2;
    private static final int REGISTER_BYTES = 4;

    private final Bus bus;
    private final long base;
    private final GuestInterrupt interrupt;
    private final boolean legacy;

    /**
     * Finds a device in its place.
     *
     * @throws DeviceViolation when what is there is not virtio-mmio of a version that this knows (4.2.2.2)
     */
    public MmioTransport(final Machine machine, final Machine.Place place) {
        this(machine.bus(), place.address(), place.interrupt());
    }

    /** Finds a device at an address. */
    public MmioTransport(final Bus bus, final long base, final GuestInterrupt interrupt) {
        this.bus = bus;
        this.base = base;
        this.interrupt = interrupt;
        this.legacy = read(VERSION) == VERSION_1;
        if (read(MAGIC_VALUE) != MAGIC || (!legacy && read(VERSION) != VERSION_2)) {
            throw new DeviceViolation(
                    "at 0x" + Long.toHexString(base) + " there is no virtio-mmio device of version 1 or 2:"
                            + " magic 0x" + Integer.toHexString(read(MAGIC_VALUE)) + ", version " + read(VERSION));
        }
        if (legacy) {
            write(GUEST_PAGE_SIZE, LegacyLayout.ALIGNMENT);
        }
    }

    @Override
    public boolean legacy() {
        return legacy;
    }

    private int read(final int register) {
        return (int) bus.read(base + register, REGISTER_BYTES);
    }

    private void write(final int register, final int value) {
        bus.write(base + register, REGISTER_BYTES, value & 0xffff_ffffL);
    }

    private void writeAddress(final int lowRegister, final long address) {
        write(lowRegister, (int) address);
        write(lowRegister + REGISTER_BYTES, (int) (address >>> Integer.SIZE));
    }

    @Override
    public int deviceId() {
        return read(DEVICE_ID);
    }

    @Override
    public long deviceFeatures() {
        write(DEVICE_FEATURES_SEL, 1);
        final long high = legacy ? 0 : read(DEVICE_FEATURES);
        write(DEVICE_FEATURES_SEL, 0);
        return high << Integer.SIZE | (read(DEVICE_FEATURES) & 0xffff_ffffL);
    }

    @Override
    public void driverFeatures(final long features) {
        if (!legacy) {
            write(DRIVER_FEATURES_SEL, 1);
            write(DRIVER_FEATURES, (int) (features >>> Integer.SIZE));
        }
        write(DRIVER_FEATURES_SEL, 0);
        write(DRIVER_FEATURES, (int) features);
    }

    @Override
    public int status() {
        return read(STATUS);
    }

    @Override
    public void status(final int bits) {
        write(STATUS, bits);
    }

    @Override
    public int queueSizeMax(final int queue) {
        write(QUEUE_SEL, queue);
        return read(QUEUE_SIZE_MAX);
    }

    @Override
    public boolean queueReady(final int queue) {
        write(QUEUE_SEL, queue);
        return read(legacy ? QUEUE_PFN : QUEUE_READY) != 0;
    }

    @Override
    public void enableQueue(final int queue, final int size, final QueueAddresses addresses) {
        write(QUEUE_SEL, queue);
        write(QUEUE_SIZE, size);
        if (legacy) {
            LegacyLayout.check(size, addresses);
            write(QUEUE_ALIGN, LegacyLayout.ALIGNMENT);
            write(QUEUE_PFN, (int) (addresses.descriptors() / LegacyLayout.ALIGNMENT));
            return;
        }
        writeAddress(QUEUE_DESC_LOW, addresses.descriptors());
        writeAddress(QUEUE_DRIVER_LOW, addresses.driverArea());
        writeAddress(QUEUE_DEVICE_LOW, addresses.deviceArea());
        write(QUEUE_READY, 1);
    }

    @Override
    public void resetQueue(final int queue) {
        write(QUEUE_SEL, queue);
        write(QUEUE_RESET, 1);
    }

    @Override
    public boolean queueResetting(final int queue) {
        write(QUEUE_SEL, queue);
        return read(QUEUE_RESET) != 0;
    }

    @Override
    public void notify(final int queue) {
        write(QUEUE_NOTIFY, queue);
    }

    @Override
    public void notify(final int queue, final int next) {
        write(QUEUE_NOTIFY, queue | next << Short.SIZE);
    }

    @Override
    public int config(final int offset, final int widthBytes) {
        return (int) bus.read(base + CONFIG + offset, widthBytes);
    }

    @Override
    public void config(final int offset, final int widthBytes, final int value) {
        bus.write(base + CONFIG + offset, widthBytes, value & 0xffff_ffffL);
    }

    @Override
    public int configGeneration() {
        return legacy ? LegacyLayout.configGeneration(this) : read(CONFIG_GENERATION);
    }

    @Override
    public int takeInterrupt() {
        final int reasons = read(INTERRUPT_STATUS);
        if (reasons != 0) {
            write(INTERRUPT_ACK, reasons);
            interrupt.acknowledged();
        }
        return reasons;
    }

    @Override
    public int interruptEvents() {
        return interrupt.events();
    }

    @Override
    public boolean interruptAsserted() {
        return interrupt.asserted();
    }

    @Override
    public void awaitInterrupt(final int seen, final long timeoutNs) {
        interrupt.await(seen, timeoutNs);
    }
}
