package io.drivebay.sim.virtio;

import io.drivebay.sim.machine.AddressSpace;
import io.drivebay.sim.pci.PciHandle;

/** What the modern and the legacy interface of virtio over PCI have in common (virtio 1.2, section 4.1). */
abstract sealed class PciInterface implements VirtioTransport permits PciTransport, PciLegacyTransport {
    private static final int MODERN_IDS = 0x1040;
    private static final int SUBSYSTEM_ID = 0x2e;

    private final PciHandle function;
    private final AddressSpace space;
    private final long base;
    private final PciEvents events;

    /**
     * Uses registers.
     *
     * @param space memory or ports, whichever they lie in
     * @param base where they begin
     */
    PciInterface(final PciHandle function, final AddressSpace space, final long base, final PciEvents events) {
        this.function = function;
        this.space = space;
        this.base = base;
        this.events = events;
    }

    final int get(final int field, final int widthBytes) {
        return (int) space.read(base + field, widthBytes);
    }

    final void set(final int field, final int widthBytes, final int value) {
        space.write(base + field, widthBytes, Integer.toUnsignedLong(value));
    }

    final PciEvents events() {
        return events;
    }

    /** A transitional or legacy function says by its board's number what it is (4.1.2.1). */
    @Override
    public final int deviceId() {
        final int id = function.deviceId();
        return id >= MODERN_IDS ? id - MODERN_IDS : function.read(SUBSYSTEM_ID, 2);
    }

    /** Reads the ISR status, which acknowledges it. */
    abstract int isr();

    @Override
    public final int takeInterrupt() {
        return events.take(this::isr);
    }

    @Override
    public final int interruptEvents() {
        return events.interrupt().events();
    }

    @Override
    public final boolean interruptAsserted() {
        return events.asserted();
    }

    @Override
    public final void awaitInterrupt(final int seen, final long timeoutNs) {
        events.interrupt().await(seen, timeoutNs);
    }
}
