package io.drivebay.virtio.pci;

import io.drivebay.backend.guest.pci.MsiX;
import io.drivebay.backend.guest.pci.PciHeader;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * How a function tells its driver: the ISR status and the interrupt pin, or MSI-X vectors once they are enabled (virtio
 * 1.2, 4.1.4.5 and 4.1.5.1.2).
 *
 * <p>Events come from the device's context, vectors and acknowledgements from a vCPU. The pin changes under a lock, so that
 * its level is always that of the last change; a bit that is set already costs one volatile read.
 */
final class PciInterrupts {
    /** No vector: the event is not signalled. */
    static final int NO_VECTOR = 0xffff;

    private static final int QUEUE = 1;
    private static final int CONFIG = 2;

    private final PciHeader header;
    private final @Nullable MsiX msix;
    /* Of each queue; the last one is the configuration's. */
    private final AtomicIntegerArray vectors;
    private final int configBits;
    private volatile int isr;

    PciInterrupts(
            final PciHeader header, final @Nullable MsiX msix, final int queues, final boolean configSaysQueueToo) {
        this.header = header;
        this.configBits = configSaysQueueToo ? CONFIG | QUEUE : CONFIG;
        this.msix = msix;
        this.vectors = new AtomicIntegerArray(queues + 1);
        unmap();
    }

    boolean messagesEnabled() {
        return msix != null && msix.enabled();
    }

    // ---- events ----

    /** With messages the ISR status says nothing of queues. */
    void queueUsed(final int queue) {
        if (msix != null && msix.enabled()) {
            msix.raise(vectors.get(queue));
        } else {
            raise(QUEUE);
        }
    }

    /** The bit is set before the driver is told, with messages too (4.1.4.5.1). */
    void configChanged() {
        raise(configBits);
        if (msix != null && msix.enabled()) {
            msix.raise(vectors.get(configEvent()));
        }
    }

    /* The caller has published what it is about behind a full fence: a driver that takes the bit afterwards sees it. */
    private void raise(final int bits) {
        if ((isr & bits) != bits) {
            set(bits);
        }
    }

    private synchronized void set(final int bits) {
        final int before = isr;
        isr = before | bits;
        drivePin();
    }

    // ---- the driver's side ----

    /** Reads the ISR status, which clears it. */
    synchronized int takeIsr() {
        final int taken = isr;
        isr = 0;
        drivePin();
        return taken;
    }

    /** Messages may have been enabled or disabled. */
    synchronized void drivePin() {
        header.interrupt(isr != 0 && !messagesEnabled());
    }

    /** The configuration's place among the vectors. */
    int configEvent() {
        return vectors.length() - 1;
    }

    /** An event's vector. */
    int vector(final int event) {
        return vectors.get(event);
    }

    /** Maps an event to a vector; one that there is not unmaps it (4.1.5.1.2.1). */
    void vector(final int event, final int vector) {
        vectors.set(event, msix != null && vector >= 0 && vector < msix.vectors() ? vector : NO_VECTOR);
    }

    /** A reset has ended: nothing is the matter any more, and no event has a vector. */
    void clear() {
        unmap();
        takeIsr();
    }

    private void unmap() {
        for (int event = 0; event < vectors.length(); event++) {
            vectors.set(event, NO_VECTOR);
        }
    }
}
