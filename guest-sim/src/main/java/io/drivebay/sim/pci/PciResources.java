package io.drivebay.sim.pci;

import java.util.List;

/** What firmware does at start: gives every window a place of its own, in the order in which they are found. */
public final class PciResources {
    /** Where ports for PCI begin. */
    public static final long FIRST_PORT = 0xc000;

    /** Where memory for PCI begins. */
    public static final long FIRST_MEMORY = 0xe000_0000L;

    private long nextPort;
    private long nextMemory;

    /** Ports and memory that nobody has, from addresses on. */
    public PciResources(final long firstPort, final long firstMemory) {
        this.nextPort = firstPort;
        this.nextMemory = firstMemory;
    }

    /** Where PCs have them. */
    public static PciResources ofPc() {
        return new PciResources(FIRST_PORT, FIRST_MEMORY);
    }

    /** Places all windows of functions and has them answer. */
    public void assign(final List<PciHandle> functions) {
        functions.forEach(this::assign);
    }

    /** Places all windows of a function and has it answer; it may not master the bus yet. */
    public void assign(final PciHandle function) {
        int command = 0;
        for (final PciHandle.Bar bar : function.bars()) {
            function.place(bar, take(bar));
            command |= bar.io() ? PciHandle.IO : PciHandle.MEMORY;
        }
        function.enable(command);
    }

    private long take(final PciHandle.Bar bar) {
        final long mask = bar.bytes() - 1;
        if (bar.io()) {
            final long at = (nextPort + mask) & ~mask;
            nextPort = at + bar.bytes();
            return at;
        }
        final long at = (nextMemory + mask) & ~mask;
        nextMemory = at + bar.bytes();
        return at;
    }
}
