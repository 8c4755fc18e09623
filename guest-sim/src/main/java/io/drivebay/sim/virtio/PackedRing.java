package io.drivebay.sim.virtio;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestRam;
import io.drivebay.sim.virtio.VirtioTransport.QueueAddresses;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * The driver's end of a packed virtqueue (virtio 1.2, section 2.8):
 *
 * <pre>
 *   descriptor ring    16 bytes each:  address u64 | length u32 | id u16 | flags u16
 *   driver area        offset and wrap counter u16 | flags u16     what the driver wants to hear of
 *   device area        offset and wrap counter u16 | flags u16     what the device wants to hear of
 * </pre>
 *
 * <p>The device overwrites descriptors, so chains are kept aside and written into the ring whenever they are offered. A
 * slot's number is its buffers' id.
 */
final class PackedRing implements DriverRing {
    private static final int AVAIL = 1 << 7;
    private static final int USED = 1 << 15;
    private static final int LENGTH = 8;
    private static final int ID = 12;
    private static final int FLAGS = 14;

    private static final int EVENT_ENABLE = 0;
    private static final int EVENT_DISABLE = 1 << 16;
    private static final int EVENT_DESC = 2 << 16;
    private static final int EVENT_FLAGS = 3 << 16;
    private static final int EVENT_WRAP = 1 << 15;

    /** Where one side is in the ring: an index and a wrap counter, which begins with 1 (2.8.1). */
    private static final class Position {
        private final int size;
        private int index;
        private boolean wrap = true;

        Position(final int size) {
            this.size = size;
        }

        void reset() {
            index = 0;
            wrap = true;
        }

        void advance(final int descriptors) {
            index += descriptors;
            if (index >= size) {
                index -= size;
                wrap = !wrap;
            }
        }

        /** In 16 bits, as events and notifications have it. */
        int event() {
            return index | (wrap ? EVENT_WRAP : 0);
        }
    }

    private final int size;
    private final int longest;
    private final boolean eventIndex;
    private final GuestBuffer descriptors;
    private final GuestBuffer driverArea;
    private final GuestBuffer deviceArea;
    private final MemoryRegion ring;
    private final int ringAt;

    /* The slots' chains: address, length and flags of each buffer, and how many of them there are. */
    private final long[] addresses;
    private final int[] lengths;
    private final int[] flags;
    private final int[] counts;

    private final Position next;
    private final Position nextUsed;
    private int withDevice;
    private int unpublished;
    /* The first descriptor of what was offered and not yet published; its flags are written last (2.8.6). */
    private int firstAt;
    private int firstFlags;

    /**
     * A ring in memory of its own.
     *
     * @param slots how many chains there are
     * @param longest descriptors of the longest chain in the ring
     */
    PackedRing(final GuestRam ram, final int size, final boolean eventIndex, final int slots, final int longest) {
        this.size = size;
        this.longest = longest;
        this.eventIndex = eventIndex;
        this.descriptors = ram.allocatePages(size * DESCRIPTOR_BYTES);
        this.driverArea = ram.allocatePages(Integer.BYTES);
        this.deviceArea = ram.allocatePages(Integer.BYTES);
        this.ring = descriptors.region();
        this.ringAt = descriptors.offset();
        this.addresses = new long[slots * longest];
        this.lengths = new int[slots * longest];
        this.flags = new int[slots * longest];
        this.counts = new int[slots];
        this.next = new Position(size);
        this.nextUsed = new Position(size);
        reset();
    }

    @Override
    public void reset() {
        descriptors.clear();
        driverArea.clear();
        deviceArea.clear();
        Arrays.fill(counts, 0);
        next.reset();
        nextUsed.reset();
        withDevice = 0;
        unpublished = 0;
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
    public void describe(final int slot, final int index, final long address, final int length, final int ofBuffer) {
        final int at = slot * longest + index;
        addresses[at] = address;
        lengths[at] = length;
        flags[at] = ofBuffer;
        if ((ofBuffer & NEXT) == 0) {
            counts[slot] = index + 1;
        }
    }

    /** Entries of a table follow one another; of the flags only WRITE is allowed (2.8.7). */
    @Override
    public void describeInTable(
            final MemoryRegion region,
            final int tableAt,
            final int index,
            final long address,
            final int length,
            final int ofBuffer) {
        final int at = tableAt + index * DESCRIPTOR_BYTES;
        region.putLong(at, address);
        region.putInt(at + LENGTH, length);
        region.putInt(at + ID, (ofBuffer & WRITE) << Short.SIZE);
    }

    // ---- to the device ----

    @Override
    public void offer(final int slot) {
        final int count = counts[slot];
        for (int i = 0; i < count; i++) {
            final int from = slot * longest + i;
            final int at = ringAt + next.index * DESCRIPTOR_BYTES;
            final int available = flags[from] | (next.wrap ? AVAIL : USED);
            ring.putLong(at, addresses[from]);
            ring.putInt(at + LENGTH, lengths[from]);
            ring.putShort(at + ID, (short) slot);
            if (unpublished == 0) {
                firstAt = at + FLAGS;
                firstFlags = available;
            } else {
                ring.putShort(at + FLAGS, (short) available);
            }
            unpublished++;
            next.advance(1);
        }
    }

    @Override
    public boolean publish() {
        final int count = unpublished;
        if (count == 0) {
            return false;
        }
        unpublished = 0;
        withDevice += count;
        ring.putShortRelease(firstAt, (short) firstFlags);
        VarHandle.fullFence(); // 2.8.21.3.1: the flags are out before the device's wish is read
        final int event = deviceArea.region().getIntAcquire(deviceArea.offset());
        if (!eventIndex || (event & EVENT_FLAGS) != EVENT_DESC) {
            return (event & EVENT_FLAGS) != EVENT_DISABLE;
        }
        final int round = ((event & EVENT_WRAP) != 0) == next.wrap ? 0 : size;
        final int passed = next.index + round - (event & EVENT_WRAP - 1);
        return passed > 0 && passed <= count;
    }

    @Override
    public int position() {
        return next.event();
    }

    // ---- from the device ----

    /** Both flags are as the wrap counter of this round (2.8.1). */
    @Override
    public int used() {
        final int wanted = nextUsed.wrap ? AVAIL | USED : 0;
        final int found = ring.getShortAcquire(usedAt() + FLAGS) & (AVAIL | USED);
        return found == wanted && withDevice > 0 ? 1 : 0;
    }

    private int usedAt() {
        return ringAt + nextUsed.index * DESCRIPTOR_BYTES;
    }

    /** The length means something only where the device says that it has written (2.8.4). */
    @Override
    public long peekUsed() {
        final int at = usedAt();
        final long id = ring.getShort(at + ID) & 0xffff;
        final boolean written = (ring.getShort(at + FLAGS) & WRITE) != 0;
        return id | (written ? (long) ring.getInt(at + LENGTH) << Integer.SIZE : 0);
    }

    @Override
    public int slotOf(final int id) {
        return id >= 0 && id < counts.length ? id : -1;
    }

    @Override
    public void take(final int slot) {
        withDevice -= counts[slot];
        nextUsed.advance(counts[slot]);
    }

    // ---- interrupts ----

    @Override
    public boolean enableInterrupts() {
        want(eventIndex ? EVENT_DESC | nextUsed.event() : EVENT_ENABLE);
        VarHandle.fullFence(); // the wish is out before the ring is looked at again
        return used() == 0;
    }

    @Override
    public void disableInterrupts() {
        want(EVENT_DISABLE);
    }

    private void want(final int event) {
        driverArea.region().putInt(driverArea.offset(), event);
    }

    @Override
    public String toString() {
        return "PackedRing[size=" + size + " next=" + next.index + " nextUsed=" + nextUsed.index + " withDevice="
                + withDevice + "]";
    }
}
