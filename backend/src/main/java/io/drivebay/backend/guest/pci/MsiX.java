package io.drivebay.backend.guest.pci;

import io.drivebay.backend.guest.MmioDevice;

/**
 * MSI-X (PCI 3.0, 6.8.2): a capability, and in a window of its own a table of vectors and the bits of those that wait
 * because they are masked.
 *
 * <pre>
 *  capability                            table, 16 bytes each            waiting vectors
 *   0  id 0x11, link                      0  address (8, bits 0-1 zero)   one bit each
 *   2  vectors - 1 | 14: mask all         8  data (4)
 *      | 15: enable                      12  bit 0: masked
 *   4  table's offset | base address
 *   8  waiting bits' offset | base address
 * </pre>
 *
 * <p>A message needs the function to be master of the bus; until then its vector waits as if it were masked. Vectors may
 * be raised by any thread; a message is sent under the lock of this object.
 */
public final class MsiX implements MmioDevice {
    /** The most vectors that a function can have. */
    public static final int MAX_VECTORS = 2048;

    private static final int CAPABILITY_ID = 0x11;
    private static final int CAPABILITY_BYTES = 12;
    private static final int CONTROL = 2;
    private static final int MASK_ALL = 1 << 14;
    private static final int ENABLE = 1 << 15;

    private static final int ENTRY_BYTES = 16;
    private static final int DATA = 8;
    private static final int VECTOR_CONTROL = 12;
    private static final int MASKED = 1;
    private static final int LEAST_WINDOW = 4096;

    private final PciHeader header;
    private final int vectors;
    private final int capability;
    private final int waitingAt;
    private final MsiTarget target;
    private final RegisterFile table;
    private final RegisterFile waiting;
    private boolean open;
    private volatile boolean enabled;

    private MsiX(final PciHeader header, final int vectors, final MsiTarget target) {
        this.header = header;
        this.vectors = vectors;
        this.target = target;
        this.capability = header.capability(CAPABILITY_ID, CAPABILITY_BYTES);
        this.table = new RegisterFile(vectors * ENTRY_BYTES);
        for (int at = 0; at < vectors * ENTRY_BYTES; at += ENTRY_BYTES) {
            table.field(at, Long.BYTES, 0, ~3L)
                    .field(at + DATA, Integer.BYTES, 0, -1)
                    .field(at + VECTOR_CONTROL, Integer.BYTES, MASKED, MASKED);
        }
        this.waiting = new RegisterFile((vectors + Long.SIZE - 1) / Long.SIZE * Long.BYTES);
        this.waitingAt = Math.max(LEAST_WINDOW / 2, Integer.highestOneBit(2 * vectors * ENTRY_BYTES - 1));
    }

    /**
     * Adds MSI-X to a function.
     *
     * @param base the base address register that table and waiting bits get for themselves
     * @param vectors how many, 1 to {@link #MAX_VECTORS}
     */
    public static MsiX add(final PciHeader header, final int base, final int vectors, final MsiTarget target) {
        if (vectors < 1 || vectors > MAX_VECTORS) {
            throw new IllegalArgumentException("vectors=" + vectors + " is not from 1 to " + MAX_VECTORS);
        }
        final MsiX msix = new MsiX(header, vectors, target);
        header.registers()
                .field(msix.capability + CONTROL, 2, vectors - 1, MASK_ALL | ENABLE)
                .field(msix.capability + 4, 4, base, 0)
                .field(msix.capability + 8, 4, msix.waitingAt | base, 0);
        header.memoryBase(base, msix);
        header.onChange(msix::update);
        return msix;
    }

    /** How many vectors there are. */
    public int vectors() {
        return vectors;
    }

    /** True when the guest uses messages and not the pin. Any thread. */
    public boolean enabled() {
        return enabled;
    }

    /** Sends a vector's message, now or once it is no longer masked; none while MSI-X is not enabled. Any thread. */
    public void raise(final int vector) {
        if (enabled && vector >= 0 && vector < vectors) {
            synchronized (this) {
                waiting(vector, true);
                sendUnlessMasked(vector);
            }
        }
    }

    /** Masks all vectors and forgets those that wait; {@link PciHeader#reset} disables. */
    public synchronized void reset() {
        table.reset();
        waiting.reset();
    }

    private synchronized void update() {
        final int control = (int) header.registers().read(capability + CONTROL, 2);
        enabled = (control & ENABLE) != 0;
        final boolean now = enabled && (control & MASK_ALL) == 0 && header.has(PciHeader.MASTER_ENABLE);
        final boolean opens = now && !open;
        open = now;
        if (opens) {
            for (int vector = 0; vector < vectors; vector++) {
                sendUnlessMasked(vector);
            }
        }
    }

    private void sendUnlessMasked(final int vector) {
        final int at = vector * ENTRY_BYTES;
        final boolean masked = !open || (table.read(at + VECTOR_CONTROL, 1) & MASKED) != 0;
        if (!masked && isWaiting(vector)) {
            waiting(vector, false);
            target.send(table.read(at, Long.BYTES), (int) table.read(at + DATA, Integer.BYTES));
        }
    }

    private boolean isWaiting(final int vector) {
        return (waiting.read(vector / Byte.SIZE, 1) & (1 << (vector % Byte.SIZE))) != 0;
    }

    private void waiting(final int vector, final boolean waits) {
        final long bits = waiting.read(vector / Byte.SIZE, 1);
        final int bit = 1 << (vector % Byte.SIZE);
        waiting.set(vector / Byte.SIZE, 1, waits ? bits | bit : bits & ~bit);
    }

    // ---- the window ----

    @Override
    public int windowBytes() {
        return 2 * waitingAt;
    }

    @Override
    public synchronized long read(final int offset, final int widthBytes) {
        return offset < waitingAt ? table.read(offset, widthBytes) : waiting.read(offset - waitingAt, widthBytes);
    }

    @Override
    public synchronized void write(final int offset, final int widthBytes, final long value) {
        if (offset < 0 || offset >= vectors * ENTRY_BYTES) {
            return;
        }
        table.write(offset, widthBytes, value);
        sendUnlessMasked(offset / ENTRY_BYTES);
        if (offset % ENTRY_BYTES + widthBytes > ENTRY_BYTES && offset / ENTRY_BYTES + 1 < vectors) {
            sendUnlessMasked(offset / ENTRY_BYTES + 1);
        }
    }
}
