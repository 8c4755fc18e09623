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
 * <p>All in one piece, as the legacy interface wants it (2.7.2) and no other minds. Each slot has a part of the table for
 * its chain, which begins there; an offer is one entry in the driver area.
 */
final class SplitRing implements DriverRing {
    private static final int INDEX_MASK = 0xffff;
    private static final int IDX = 2;
    private static final int RING = 4;
    private static final int USED_ELEMENT_BYTES = 8;
    private static final int NO_NOTIFY = 1;
    private static final short NO_INTERRUPT = 1;
    /* With event indexes an interrupt cannot be forbidden, only be put off; this is how often that is renewed. */
    private static final int RENEW_AFTER = 0x4000;

    /* So that the device can begin while the driver is still describing, as it can with drivers that show each. */
    private static final int SHOWN_AT_ONCE = 8;

    private final int size;
    private final int mask;
    private final int slots;
    private final int longest;
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
    private int shown;
    private int published;
    private int seen;
    private int taken;
    private int putOffAt;
    private boolean interrupts;

    /**
     * A ring in memory of its own.
     *
     * @param size a power of two
     * @param slots how many chains there are
     * @param longest descriptors of the longest chain in the table
     */
    SplitRing(final GuestRam ram, final int size, final boolean eventIndex, final int slots, final int longest) {
        this.size = size;
        this.mask = size - 1;
        this.slots = slots;
        this.longest = longest;
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

    @Override
    public void reset() {
        descriptors.clear();
        driverArea.clear();
        deviceArea.clear();
        offered = 0;
        shown = 0;
        published = 0;
        seen = 0;
        taken = 0;
        interrupts = true;
        disableInterrupts();
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public QueueAddresses addresses() {
        return new QueueAddresses(descriptors.address(), driverArea.address(), deviceArea.address());
    }

    // ---- chains ----

    @Override
    public void describe(final int slot, final int index, final long address, final int length, final int flags) {
        final int number = slot * longest + index;
        write(table, tableAt + number * DESCRIPTOR_BYTES, number, address, length, flags);
    }

    @Override
    public void describeInTable(
            final MemoryRegion region,
            final int indirectAt,
            final int index,
            final long address,
            final int length,
            final int flags) {
        write(region, indirectAt + index * DESCRIPTOR_BYTES, index, address, length, flags);
    }

    private static void write(
            final MemoryRegion region,
            final int at,
            final int number,
            final long address,
            final int length,
            final int flags) {
        final int next = (flags & NEXT) == 0 ? 0 : number + 1;
        region.putLong(at, address);
        region.putInt(at + 8, length);
        region.putInt(at + 12, flags | next << Short.SIZE);
    }

    // ---- to the device ----

    @Override
    public void offer(final int slot) {
        available.putShort(availableRing + Short.BYTES * (offered & mask), (short) (slot * longest));
        offered++;
        if (offered - shown >= SHOWN_AT_ONCE) {
            show();
        }
    }

    private void show() {
        shown = offered;
        available.putShortRelease(availableIdx, (short) shown);
    }

    /** 2.7.13, 2.7.10. */
    @Override
    public boolean publish() {
        final int before = published;
        final int now = offered;
        if (before == now) {
            return false;
        }
        published = now;
        show();
        VarHandle.fullFence(); // 2.7.13.4.1: the index is out before the device's wish is read
        if (eventIndex) {
            final int event = used.getShortAcquire(availableEvent);
            return ((now - event - 1) & INDEX_MASK) < now - before;
        }
        return (used.getShortAcquire(usedIdx - IDX) & NO_NOTIFY) == 0;
    }

    @Override
    public int position() {
        return offered & INDEX_MASK;
    }

    // ---- from the device ----

    @Override
    public int used() {
        if (seen == taken) {
            seen = taken + newlyUsed();
        }
        return seen - taken;
    }

    private int newlyUsed() {
        final int index = used.getShortAcquire(usedIdx) & INDEX_MASK;
        final int count = (index - taken) & INDEX_MASK;
        if (count > ((shown - taken) & INDEX_MASK)) {
            throw new DeviceViolation("used idx " + index + " stands for " + count + " used buffers while only "
                    + ((shown - taken) & INDEX_MASK) + " are with the device (2.7.8.2)");
        }
        return count;
    }

    @Override
    public long peekUsed() {
        return used.getLong(usedRing + USED_ELEMENT_BYTES * (taken & mask));
    }

    @Override
    public int slotOf(final int id) {
        final int slot = longest == 1 ? id : Integer.divideUnsigned(id, longest);
        return slot >= 0 && slot < slots && slot * longest == id ? slot : -1;
    }

    @Override
    public void take(final int slot) {
        taken++;
        if (eventIndex && !interrupts && taken - putOffAt >= RENEW_AFTER) {
            putOffInterrupts();
        }
    }

    /** 2.7.7. */
    @Override
    public boolean enableInterrupts() {
        interrupts = true;
        if (eventIndex) {
            available.putShort(usedEvent, (short) taken);
        } else {
            available.putShort(availableIdx - IDX, (short) 0);
        }
        VarHandle.fullFence(); // the wish is out before the ring is looked at again
        return used() == 0;
    }

    @Override
    public void disableInterrupts() {
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
