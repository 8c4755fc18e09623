package io.drivebay.sim.virtio;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.virtio.SlotChains.Direction;

/**
 * One queue of a block device and the requests in it. A request lives in a slot, which owns a header, a status byte, a
 * chain of descriptors and memory for data for ever; submitting one writes its header and an entry of the ring.
 *
 * <p>The slot's number is the token by which the caller knows the request. Submissions go out with {@link #kick},
 * completions come in with {@link #poll}. One thread only; nothing is allocated per request. What the device returns is
 * checked; a device in breach of the specification ends in a {@link DeviceViolation}.
 */
public final class BlkQueue {
    /** Whoever is told of completed requests. */
    @FunctionalInterface
    public interface Listener {
        /**
         * A request has completed; its slot is the caller's again.
         *
         * @param slot the request's slot
         * @param status what the device made of it
         * @param usedBytes how many bytes the device says it has written
         */
        void completed(int slot, BlkStatus status, int usedBytes);
    }

    static final int SECTOR_SHIFT = 9;
    /** How many bytes a GET_ID returns. */
    static final int ID_BYTES = 20;
    /** How many bytes a GET_LIFETIME returns. */
    static final int LIFETIME_BYTES = 6;

    // spotless:off
    private static final int IN           = 0;
    private static final int OUT          = 1;
    private static final int FLUSH        = 4;
    private static final int GET_ID       = 8;
    private static final int DISCARD      = 11;
    private static final int WRITE_ZEROES = 13;
    private static final int GET_LIFETIME = 10;
    private static final int SECURE_ERASE = 14;
    private static final int ZONE_APPEND  = 15;
    private static final int ZONE_REPORT  = 16;
    // spotless:on

    private static final int SECTOR = 8;
    private static final int APPEND_SECTOR_BYTES = 8;
    private static final byte NOT_WRITTEN = (byte) 0xff;
    private static final int UNMAP = 1;

    private final int number;
    private final VirtioTransport transport;
    private final DriverRing ring;
    private final SlotChains chains;
    private final int[] dataBytes;
    /* Reports fill as much of their buffer as there are zones. */
    private final boolean[] mayBeShort;
    private final Direction[] directions;
    private final boolean[] inFlight;
    private final boolean inOrder;
    private final boolean tellsPosition;
    /* Slots in the order in which they were offered: a ring of which inFlightCount are used. */
    private final int[] order;
    private int oldest;
    private int inFlightCount;

    BlkQueue(
            final int number,
            final VirtioTransport transport,
            final GuestRam ram,
            final DriverRing ring,
            final SlotChains.Shape shape,
            final long features) {
        this.number = number;
        this.transport = transport;
        this.inOrder = VirtioFeature.IN_ORDER.in(features);
        this.tellsPosition = VirtioFeature.NOTIFICATION_DATA.in(features);
        this.order = new int[shape.slots()];
        this.ring = ring;
        this.chains = new SlotChains(ram, ring, shape);
        this.dataBytes = new int[shape.slots()];
        this.mayBeShort = new boolean[shape.slots()];
        this.directions = new Direction[shape.slots()];
        this.inFlight = new boolean[shape.slots()];
    }

    /** Forgets all requests: the device was reset. */
    void reset() {
        ring.reset();
        chains.prepare();
        java.util.Arrays.fill(inFlight, false);
        oldest = 0;
        inFlightCount = 0;
    }

    void enable() {
        transport.enableQueue(number, ring.size(), ring.addresses());
    }

    // ---- slots ----

    /** How many requests can be in flight. */
    public int slots() {
        return inFlight.length;
    }

    /** How many requests are in flight. */
    public int inFlight() {
        return inFlightCount;
    }

    /** A slot's memory for data. */
    public GuestBuffer data(final int slot) {
        return chains.data(slot);
    }

    // ---- submission ----

    /** Reads sectors into the slot's memory. */
    public void read(final int slot, final long sector, final int bytes) {
        submit(slot, IN, sector, bytes, Direction.FROM_DEVICE);
    }

    /** Writes the slot's memory to sectors. */
    public void write(final int slot, final long sector, final int bytes) {
        submit(slot, OUT, sector, bytes, Direction.TO_DEVICE);
    }

    /** Makes completed writes durable. */
    public void flush(final int slot) {
        submit(slot, FLUSH, 0, 0, Direction.TO_DEVICE);
    }

    /** Reads the device's id string into the slot's memory: up to 20 bytes, padded with zeros. */
    public void id(final int slot) {
        submit(slot, GET_ID, 0, ID_BYTES, Direction.FROM_DEVICE);
    }

    /** Reads how worn the device is into the slot's memory: three numbers of 16 bits. */
    public void lifetime(final int slot) {
        submit(slot, GET_LIFETIME, 0, LIFETIME_BYTES, Direction.FROM_DEVICE);
    }

    /** Erases sectors for good. */
    public void secureErase(final int slot, final long sector, final int sectors) {
        submit(slot, SECURE_ERASE, 0, segment(slot, sector, sectors, 0), Direction.TO_DEVICE);
    }

    /** Puts the slot's memory at the write pointer of the zone that begins at a sector. */
    public void zoneAppend(final int slot, final long sector, final int bytes) {
        submit(slot, ZONE_APPEND, sector, bytes, Direction.APPEND);
    }

    /** The sector where a zone append, which has succeeded, has put its data. */
    public long appendedAt(final int slot) {
        return chains.region().getLong(chains.answer(slot));
    }

    /** Reports zones into the slot's memory, from the one that holds a sector on. */
    public void zoneReport(final int slot, final long sector, final int bytes) {
        submit(slot, ZONE_REPORT, sector, bytes, Direction.FROM_DEVICE);
    }

    /** Gives a command to the zone that begins at a sector. */
    public void zone(final int slot, final ZoneCommand command, final long sector) {
        submit(slot, command.type(), sector, 0, Direction.TO_DEVICE);
    }

    /** Discards sectors. */
    public void discard(final int slot, final long sector, final int sectors) {
        submit(slot, DISCARD, 0, segment(slot, sector, sectors, 0), Direction.TO_DEVICE);
    }

    /** Sets sectors to zero; with unmap their space may be given back. */
    public void writeZeroes(final int slot, final long sector, final int sectors, final boolean unmap) {
        submit(slot, WRITE_ZEROES, 0, segment(slot, sector, sectors, unmap ? UNMAP : 0), Direction.TO_DEVICE);
    }

    /** Writes a range as discard and write-zeroes have it: sector u64, sectors u32, flags u32. */
    private int segment(final int slot, final long sector, final int sectors, final int flags) {
        final GuestBuffer data = chains.data(slot);
        data.region().putLong(data.offset(), sector);
        data.region().putInt(data.offset() + 8, sectors);
        data.region().putInt(data.offset() + 12, flags);
        return 16;
    }

    private void submit(final int slot, final int type, final long sector, final int bytes, final Direction direction) {
        if (inFlight[slot]) {
            throw new IllegalStateException("slot " + slot + " of queue " + number + " has a request in flight");
        }
        inFlight[slot] = true;
        order[(oldest + inFlightCount) % order.length] = slot;
        inFlightCount++;
        dataBytes[slot] = bytes;
        mayBeShort[slot] = type == ZONE_REPORT;
        directions[slot] = direction;
        final MemoryRegion region = chains.region();
        final int header = chains.header(slot);
        region.putLong(header, type); // the reserved word above it stays 0
        region.putLong(header + SECTOR, sector);
        region.putByte(chains.answer(slot) + SlotChains.STATUS, NOT_WRITTEN);
        chains.prepare(slot, bytes, direction);
        ring.offer(slot);
    }

    /** Publishes what was submitted, and notifies the device if it wants that. */
    public void kick() {
        if (!ring.publish()) {
            return;
        }
        if (tellsPosition) {
            transport.notify(number, ring.position());
        } else {
            transport.notify(number);
        }
    }

    // ---- completion ----

    /**
     * Tells of the requests that have completed up to now.
     *
     * @return how many
     */
    public int poll(final Listener listener) {
        int done = 0;
        while (done < inFlight.length && ring.used() > 0) {
            final long element = ring.peekUsed();
            final int slot = slot((int) element);
            final int usedBytes = (int) (element >>> Integer.SIZE);
            done += inOrder ? completeUpTo(slot, usedBytes, listener) : complete(slot, usedBytes, listener);
        }
        return done;
    }

    private int complete(final int slot, final int usedBytes, final Listener listener) {
        final BlkStatus status = status(slot, usedBytes);
        ring.take(slot);
        inFlight[slot] = false;
        inFlightCount--;
        listener.completed(slot, status, usedBytes);
        return 1;
    }

    /** With IN_ORDER one used buffer stands for those before it too, all of which were used whole (2.7.9, 2.8.9). */
    private int completeUpTo(final int last, final int usedBytes, final Listener listener) {
        int done = 0;
        int slot;
        do {
            slot = order[oldest];
            oldest = (oldest + 1) % order.length;
            done += complete(slot, slot == last ? usedBytes : writableBytes(slot), listener);
        } while (slot != last);
        return done;
    }

    private int slot(final int id) {
        final int slot = ring.slotOf(id);
        if (slot < 0) {
            throw violation(
                    "used element has id " + Integer.toUnsignedString(id) + ", which is the head of no chain (2.7.8)");
        }
        if (!inFlight[slot]) {
            throw violation("used element has id " + id + ", whose request has completed already (2.7.8)");
        }
        return slot;
    }

    /** The status byte, after a look at whether it and the length can be true (2.7.8.2). */
    private BlkStatus status(final int slot, final int usedBytes) {
        final int writable = writableBytes(slot);
        final byte code = chains.region().getByte(chains.answer(slot) + SlotChains.STATUS);
        if (usedBytes < 0 || usedBytes > writable) {
            throw violation("used length " + Integer.toUnsignedString(usedBytes) + " of slot " + slot + " exceeds the "
                    + writable + " bytes that the device could write (2.7.8.2)");
        }
        if (!BlkStatus.known(code)) {
            throw violation(
                    code == NOT_WRITTEN
                            ? "slot " + slot + " was used without a status having been written (5.2.6.2)"
                            : "slot " + slot + " has unknown status " + code + " (5.2.6)");
        }
        if (code == 0 && usedBytes != writable && !mayBeShort[slot]) {
            throw violation("slot " + slot + " succeeded, but the device says it wrote " + usedBytes
                    + " bytes instead of " + writable + " (2.7.8.2)");
        }
        return BlkStatus.of(code);
    }

    private int writableBytes(final int slot) {
        return switch (directions[slot]) {
            case TO_DEVICE -> 1;
            case FROM_DEVICE -> 1 + dataBytes[slot];
            case APPEND -> 1 + APPEND_SECTOR_BYTES;
        };
    }

    private DeviceViolation violation(final String what) {
        return new DeviceViolation("queue " + number + ": " + what + "; " + ring);
    }

    // ---- interrupts ----

    /** Asks for no interrupts: the caller polls. This is how a queue begins. */
    public void disableInterrupts() {
        ring.disableInterrupts();
    }

    /**
     * Sleeps until a request may have completed, at most for a time. Interrupts are on while it sleeps only.
     *
     * @return false when the time was over first
     */
    public boolean await(final long timeoutNs) {
        final int seen = transport.interruptEvents(number);
        boolean woken = true;
        if (ring.enableInterrupts()) {
            if (transport.interruptAsserted(number)) {
                transport.takeInterrupt(number);
            } else {
                transport.awaitInterrupt(number, seen, timeoutNs);
                woken = transport.interruptEvents(number) != seen;
                if (transport.interruptAsserted(number)) {
                    transport.takeInterrupt(number);
                }
            }
        }
        ring.disableInterrupts();
        return woken;
    }

    @Override
    public String toString() {
        return "BlkQueue[" + number + ", " + inFlightCount + " in flight, " + ring + "]";
    }
}
