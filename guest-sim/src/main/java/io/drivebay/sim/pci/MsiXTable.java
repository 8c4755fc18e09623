package io.drivebay.sim.pci;

import io.drivebay.sim.machine.AddressSpace;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A driver's end of MSI-X (PCI 3.0, 6.8.2): the capability, and the table that it points to. */
public final class MsiXTable {
    private static final int CAPABILITY_ID = 0x11;
    private static final int CONTROL = 2;
    private static final int TABLE = 4;
    private static final int PENDING = 8;
    private static final int SIZE_MASK = 0x7ff;
    private static final int ENABLE = 0x8000;
    private static final int ENTRY_BYTES = 16;

    private final PciHandle function;
    private final AddressSpace memory;
    private final int capability;
    private final long table;
    private final long pending;

    private MsiXTable(final PciHandle function, final AddressSpace memory, final int capability) {
        this.function = function;
        this.memory = memory;
        this.capability = capability;
        this.table = pointer(TABLE);
        this.pending = pointer(PENDING);
    }

    /** Finds a function's MSI-X, whose window has been placed; null when it has none. */
    public static @Nullable MsiXTable find(final PciHandle function, final AddressSpace memory) {
        final List<Integer> found = function.capabilities(CAPABILITY_ID);
        return found.isEmpty() ? null : new MsiXTable(function, memory, found.get(0));
    }

    private long pointer(final int field) {
        final int value = function.read(capability + field, 4);
        return function.address(value & 7) + (value & ~7 & 0xffff_ffffL);
    }

    /** How many vectors there are. */
    public int vectors() {
        return (function.read(capability + CONTROL, 2) & SIZE_MASK) + 1;
    }

    /** Has a vector send a message, and unmasks it. */
    public void set(final int vector, final long address, final int data) {
        mask(vector, true);
        memory.write(entry(vector), 4, address & 0xffff_ffffL);
        memory.write(entry(vector) + 4, 4, address >>> Integer.SIZE);
        memory.write(entry(vector) + 8, 4, Integer.toUnsignedLong(data));
        mask(vector, false);
    }

    /** Holds a vector's messages back, or lets them go. */
    public void mask(final int vector, final boolean masked) {
        memory.write(entry(vector) + 12, 4, masked ? 1 : 0);
    }

    /** True when a message waits because its vector is masked. */
    public boolean pending(final int vector) {
        return (memory.read(pending + vector / 32 * 4L, 4) >> (vector % 32) & 1) != 0;
    }

    private long entry(final int vector) {
        return table + (long) ENTRY_BYTES * vector;
    }

    /** Turns the pin off and messages on. */
    public void enable() {
        function.write(capability + CONTROL, 2, ENABLE);
    }

    /** Turns the pin on and messages off. */
    public void disable() {
        function.write(capability + CONTROL, 2, 0);
    }
}
