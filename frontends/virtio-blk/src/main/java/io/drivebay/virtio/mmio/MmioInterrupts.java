package io.drivebay.virtio.mmio;

import io.drivebay.backend.guest.InterruptLine;

/**
 * The interrupt status register and the line that follows it: asserted while any bit is set.
 *
 * <p>The device's context sets bits, a vCPU acknowledges them. Both happen under a lock, so that the line's level is
 * always that of the last change; a bit that is set already costs one volatile read.
 */
final class MmioInterrupts {
    static final int USED_BUFFER = 1;
    static final int CONFIG_CHANGE = 2;

    private final InterruptLine line;
    private volatile int bits;

    MmioInterrupts(final InterruptLine line) {
        this.line = line;
    }

    int read() {
        return bits;
    }

    /**
     * Sets a bit. The caller has published what the interrupt is about behind a full fence: a driver that clears the bit
     * just after it was found set will see that.
     */
    void raise(final int bit) {
        if ((bits & bit) == 0) {
            change(bit, 0);
        }
    }

    void acknowledge(final int acknowledged) {
        change(0, acknowledged);
    }

    void clear() {
        change(0, ~0);
    }

    private synchronized void change(final int set, final int cleared) {
        final int before = bits;
        bits = (before & ~cleared) | set;
        if ((before == 0) != (bits == 0)) {
            line.set(bits != 0);
        }
    }
}
