package io.drivebay.backend.guest.pci;

import io.drivebay.backend.guest.InterruptLine;

/** Several sources on one line, such as both channels of an IDE controller on one PCI pin. Any thread. */
public final class SharedInterrupt {
    private final InterruptLine line;
    private int sources;
    private int asserted;

    /** A line for at most 32 sources. */
    public SharedInterrupt(final InterruptLine line) {
        this.line = line;
    }

    /** One more source of the line. */
    public synchronized InterruptLine source() {
        if (sources == Integer.SIZE) {
            throw new IllegalStateException("more than " + Integer.SIZE + " sources on one interrupt line");
        }
        final int bit = 1 << sources++;
        return level -> set(bit, level);
    }

    private synchronized void set(final int bit, final boolean level) {
        final int before = asserted;
        asserted = level ? asserted | bit : asserted & ~bit;
        if ((before == 0) != (asserted == 0)) {
            line.set(asserted != 0);
        }
    }
}
