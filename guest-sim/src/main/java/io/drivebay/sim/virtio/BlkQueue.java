package io.drivebay.sim.virtio;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestRam;

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

    // spotless:off
    private static final int IN           = 0;
    private static final int OUT          = 1;
    private static final int FLUSH        = 4;
    private static final int GET_ID       = 8;
    private static final int DISCARD      = 11;
    private static final int WRITE_ZEROES = 13;
    // spotless:on

    private static final int SECTOR = 8;
    private static final int STATUS = 16;
    private static final byte NOT_WRITTEN = (byte) 0xff;
    private static final int UNMAP = 1;

    private final int number;
    private final VirtioTransport transport;
    private final SplitRing ring;
    private final SlotChains chains;
    private final int[] dataBytes;
    private final boolean[] fromDevice;
    private final boolean[] inFlight;
    private int inFlightCount;

    BlkQueue(
            final int number,
            final VirtioTransport transport,
            final GuestRam ram,
            final SplitRing ring,
            final SlotChains.Shape shape) {
        this.number = number;
        this.transport = transport;
        this.ring = ring;
        this.chains = new SlotChains(ram, ring, shape);
        this.dataBytes = new int[shape.slots()];
        this.fromDevice = new boolean[shape.slots()];
        this.inFlight = new boolean[shape.slots()];
    }

    /** Forgets all requests: the device was reset. */
    void reset() {
        ring.reset();
        chains.prepare();
        java.util.Arrays.fill(inFlight, false);
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
        submit(slot, IN, sector, bytes, true);
    }

    /** Writes the slot's memory to sectors. */
    public void write(final int slot, final long sector, final int bytes) {
        submit(slot, OUT, sector, bytes, false);
    }

    /** Makes completed writes durable. */
    public void flush(final int slot) {
        submit(slot, FLUSH, 0, 0, false);
    }

    /** Reads the device's id string into the slot's memory: up to 20 bytes, padded with zeros. */
    public void id(final int slot) {
        submit(slot, GET_ID, 0, ID_BYTES, true);
    }

    /** Discards sectors. */
    public void discard(final int slot, final long sector, final int sectors) {
        submit(slot, DISCARD, 0, segment(slot, sector, sectors, 0), false);
    }

    /** Sets sectors to zero; with unmap their space may be given back. */
    public void writeZeroes(final int slot, final long sector, final int sectors, final boolean unmap) {
        submit(slot, WRITE_ZEROES, 0, segment(slot, sector, sectors, unmap ? UNMAP : 0), false);
    }

    /** Writes a range as discard and write-zeroes have it: sector u64, sectors u32, flags u32. */
    private int segment(final int slot, final long sector, final int sectors, final int flags) {
        final GuestBuffer data = chains.data(slot);
        data.region().putLong(data.offset(), sector);
        data.region().putInt(data.offset() + 8, sectors);
        data.region().putInt(data.offset() + 12, flags);
        return 16;
    }

    private void submit(final int slot, final int type, final long sector, final int bytes, final boolean fills) {
        if (inFlight[slot]) {
            throw new IllegalStateException("slot " + slot + " of queue " + number + " has a request in flight");
        }
        inFlight[slot] = true;
        inFlightCount++;
        dataBytes[slot] = bytes;
        fromDevice[slot] = fills;
        final MemoryRegion region = chains.region();
        final int header = chains.header(slot);
        region.putLong(header, type); // the reserved word above it stays 0
        region.putLong(header + SECTOR, sector);
        region.putByte(header + STATUS, NOT_WRITTEN);
        ring.offer(chains.head(slot, bytes, fills));
    }

    /** Publishes what was submitted, and notifies the device if it wants that. */
    public void kick() {
        if (ring.publish()) {
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
        final int count = ring.used();
        for (int i = 0; i < count; i++) {
            final long element = ring.take();
            final int slot = slot((int) element);
            final int usedBytes = (int) (element >>> Integer.SIZE);
            final BlkStatus status = status(slot, usedBytes);
            inFlight[slot] = false;
            inFlightCount--;
            listener.completed(slot, status, usedBytes);
        }
        return count;
    }

    private int slot(final int id) {
        final int slot = chains.slotOfHead(id);
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
        final int writable = 1 + (fromDevice[slot] ? dataBytes[slot] : 0);
        final byte code = chains.region().getByte(chains.header(slot) + STATUS);
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
        if (code == 0 && usedBytes != writable) {
            throw violation("slot " + slot + " succeeded, but the device says it wrote " + usedBytes
                    + " bytes instead of " + writable + " (2.7.8.2)");
        }
        return BlkStatus.of(code);
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
        final int seen = transport.interruptEvents();
        boolean woken = true;
        if (ring.enableInterrupts()) {
            if (transport.interruptAsserted()) {
                transport.takeInterrupt();
            } else {
                transport.awaitInterrupt(seen, timeoutNs);
                woken = transport.interruptEvents() != seen;
                if (transport.interruptAsserted()) {
                    transport.takeInterrupt();
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
