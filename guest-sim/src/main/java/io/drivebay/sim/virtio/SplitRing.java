package io.drivebay.sim.virtio;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.virtio.VirtioTransport.QueueAddresses;
import java.lang.invoke.VarHandle;

/**
 * The driver's end of a split virtqueue (virtio 1.2, section 2.7):
 *
 * <pre>
 *   descriptor table   16 bytes each:  address u64 | length u32 | flags u16 | next u16
 *   driver area        flags u16 | idx u16 | ring u16 [size] | used_event u16
 *   device area        flags u16 | idx u16 | ring { id u32 | length u32 } [size] | avail_event u16
 * </pre>
 *
 * <p>All in one piece, as the legacy interface wants it (2.7.2) and no other minds. Buffers are offered, then published together; used ones are counted, then taken. Allocates nothing. One thread only.
 */
final class SplitRing {
    static final int DESCRIPTOR_BYTES = 16;
    static final int NEXT = 1;
    static final int WRITE = 2;
    static final int INDIRECT = 4;

    private static final int INDEX_MASK = 0xffff;
    private static final int IDX = 2;
    private static final int RING = 4;
    private static final int USED_ELEMENT_BYTES = 8;
    private static final int NO_NOTIFY = 1;
    private static final short NO_INTERRUPT = 1;
    /* With event indexes an interrupt cannot be forbidden, only be put off; this is how often that is renewed. */
    private static final int RENEW_AFTER = 0x4000;

    private final int size;
    private final int mask;
    private final boolean eventIndex;
    private final GuestBuffer descriptors;
    private final GuestBuffer driverArea;
    private final GuestBuffer deviceArea;

    private final MemoryRegion table;
    private final int tableAt;
    private final MemoryRegion available;
    private final int availableRing;
    private final int availableIdx;
    private final int usedEvent;
    private final MemoryRegion used;
    private final int usedRing;
    private final int usedIdx;
    private final int availableEvent;

    private int offered;
    private int published;
    private int taken;
    private int putOffAt;
    private boolean interrupts;

    /** A ring of a size (a power of two) in memory of its own. */
    SplitRing(final GuestRam ram, final int size, final boolean eventIndex) {
        this.size = size;
        this.mask = size - 1;
        this.eventIndex = eventIndex;
        final GuestBuffer whole = ram.allocatePages(LegacyLayout.bytes(size));
        final QueueAddresses parts = LegacyLayout.at(whole.address(), size);
        this.descriptors = whole.part(parts.descriptors(), size * DESCRIPTOR_BYTES);
        this.driverArea = whole.part(parts.driverArea(), RING + Short.BYTES * size + Short.BYTES);
        this.deviceArea = whole.part(parts.deviceArea(), RING + USED_ELEMENT_BYTES * size + Short.BYTES);
        this.table = descriptors.region();
        this.tableAt = descriptors.offset();
        this.available = driverArea.region();
        this.availableRing = driverArea.offset() + RING;
        this.availableIdx = driverArea.offset() + IDX;
        this.usedEvent = availableRing + Short.BYTES * size;
        this.used = deviceArea.region();
        this.usedRing = deviceArea.offset() + RING;
        this.usedIdx = deviceArea.offset() + IDX;
        this.availableEvent = usedRing + USED_ELEMENT_BYTES * size;
        reset();
    }

    /** Empties the ring; the device does not use it. */
    void reset() {
        descriptors.clear();
        driverArea.clear();
        deviceArea.clear();
        offered = 0;
        published = 0;
        taken = 0;
        interrupts = true;
        disableInterrupts();
    }

    int size() {
        return size;
    }

    QueueAddresses addresses() {
        return new QueueAddresses(descriptors.address(), driverArea.address(), deviceArea.address());
    }

    /** Writes a descriptor of the ring's table. */
    void descriptor(final int index, final long address, final int length, final int flags, final int next) {
        writeDescriptor(table, tableAt + index * DESCRIPTOR_BYTES, address, length, flags | next << Short.SIZE);
    }

    /** Writes a descriptor anywhere; the upper half of the last word is the number of the next one. */
    static void writeDescriptor(
            final MemoryRegion region, final int at, final long address, final int length, final int flagsAndNext) {
        region.putLong(at, address);
        region.putInt(at + 8, length);
        region.putInt(at + 12, flagsAndNext);
    }

    // ---- to the device ----

    /** Puts a chain in the ring; the device learns of it from {@link #publish}. */
    void offer(final int head) {
        available.putShort(availableRing + Short.BYTES * (offered & mask), (short) head);
        offered++;
    }

    /**
     * Lets the device see what was offered (2.7.13).
     *
     * @return true when it wants to be notified (2.7.10)
     */
    boolean publish() {
        final int before = published;
        final int now = offered;
        if (before == now) {
            return false;
        }
        published = now;
        available.putShortRelease(availableIdx, (short) now);
        VarHandle.fullFence(); // 2.7.13.4.1: the index is out before the device's wish is read
        if (eventIndex) {
            final int event = used.getShortAcquire(availableEvent);
            return ((now - event - 1) & INDEX_MASK) < now - before;
        }
        return (used.getShortAcquire(usedIdx - IDX) & NO_NOTIFY) == 0;
    }

    // ---- from the device ----

    /**
     * How many used elements there are to take.
     *
     * @throws DeviceViolation when the device's index has run ahead of what it was given
     */
    int used() {
        final int count = (used.getShortAcquire(usedIdx) - taken) & INDEX_MASK;
        if (count > ((published - taken) & INDEX_MASK)) {
            throw new DeviceViolation(
                    "used idx " + (used.getShortAcquire(usedIdx) & INDEX_MASK) + " stands for " + count
                            + " used buffers while only " + ((published - taken) & INDEX_MASK)
                            + " are with the device (2.7.8.2)");
        }
        return count;
    }

    /** Takes the next used element: its id in the lower half, its length in the upper one. */
    long take() {
        final long element = used.getLong(usedRing + USED_ELEMENT_BYTES * (taken & mask));
        taken++;
        if (eventIndex && !interrupts && taken - putOffAt >= RENEW_AFTER) {
            putOffInterrupts();
        }
        return element;
    }

    /**
     * Asks for an interrupt with the next used element (2.7.7).
     *
     * @return false when there already is one, for which there may be none
     */
    boolean enableInterrupts() {
        interrupts = true;
        if (eventIndex) {
            available.putShort(usedEvent, (short) taken);
        } else {
            available.putShort(availableIdx - IDX, (short) 0);
        }
        VarHandle.fullFence(); // the wish is out before the ring is looked at again
        return used() == 0;
    }

    /** Asks for no interrupts, as far as that can be asked for: there may be some nevertheless. */
    void disableInterrupts() {
        if (!interrupts) {
            return;
        }
        interrupts = false;
        if (eventIndex) {
            putOffInterrupts();
        } else {
            available.putShort(availableIdx - IDX, NO_INTERRUPT);
        }
    }

    /** With event indexes the flag must stay 0: names an element that was taken long ago (2.7.7.1). */
    private void putOffInterrupts() {
        available.putShort(usedEvent, (short) (taken - 1));
        putOffAt = taken;
    }

    @Override
    public String toString() {
        return "SplitRing[size=" + size + " published=" + (published & INDEX_MASK) + " taken=" + (taken & INDEX_MASK)
                + "]";
    }
}
