package io.drivebay.sim.virtio;

import io.drivebay.sim.machine.GuestInterrupt;
import io.drivebay.sim.machine.MessageInterrupts;
import io.drivebay.sim.pci.MsiXTable;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How a driver on PCI is interrupted: by the function's pin, or by messages, of which every queue has one and the
 * configuration has the first.
 */
public final class PciEvents {
    private static final int QUEUE = 1;
    private static final int CONFIG = 2;
    private static final int CONFIG_VECTOR = 0;
    private static final int NO_VECTOR = 0xffff;

    private final GuestInterrupt interrupt;
    private final GuestInterrupt configInterrupt;
    private final @Nullable MsiXTable table;
    private long seenQueues;
    private long seenConfig;

    private PciEvents(
            final GuestInterrupt interrupt, final GuestInterrupt configInterrupt, final @Nullable MsiXTable table) {
        this.interrupt = interrupt;
        this.configInterrupt = configInterrupt;
        this.table = table;
    }

    /** By a pin. */
    public static PciEvents ofPin(final GuestInterrupt pin) {
        return new PciEvents(pin, pin, null);
    }

    /** By messages: sets up and enables as many vectors as there are. Queues beyond share the last one. */
    public static PciEvents ofMessages(final MsiXTable table, final MessageInterrupts messages) {
        final GuestInterrupt interrupt = new GuestInterrupt();
        final GuestInterrupt configInterrupt = new GuestInterrupt();
        for (int vector = 0; vector < table.vectors(); vector++) {
            final MessageInterrupts.Message message =
                    messages.expect(vector == CONFIG_VECTOR ? configInterrupt : interrupt);
            table.set(vector, message.address(), message.data());
        }
        table.enable();
        return new PciEvents(interrupt, configInterrupt, table);
    }

    /** The interrupt that used buffers raise. */
    public GuestInterrupt interrupt() {
        return interrupt;
    }

    boolean messages() {
        return table != null;
    }

    int configVector() {
        return table == null ? NO_VECTOR : CONFIG_VECTOR;
    }

    int queueVector(final int queue) {
        return table == null ? NO_VECTOR : Math.min(queue + 1, table.vectors() - 1);
    }

    /** Why there was an interrupt, since this was last asked. */
    int take(final IntSupplier isr) {
        if (table != null) {
            final long queues = interrupt.raised();
            final long config = configInterrupt.raised();
            final int reasons = (queues != seenQueues ? QUEUE : 0) | (config != seenConfig ? CONFIG : 0);
            seenQueues = queues;
            seenConfig = config;
            return reasons;
        }
        final int reasons = isr.getAsInt();
        if (reasons != 0) {
            interrupt.acknowledged();
        }
        return reasons;
    }

    /** Messages are over as soon as they have come. */
    boolean asserted() {
        return interrupt.asserted();
    }
}
