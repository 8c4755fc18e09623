package io.drivebay.virtio.queue;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.DescriptorChain.Fault;
import java.lang.invoke.VarHandle;

/**
 * A packed virtqueue (virtio 1.2, 2.8): one ring in which available descriptors are overwritten by used ones. The areas'
 * places are looked up once, when the queue is enabled.
 *
 * <p>As with {@link SplitVirtqueue}, what leaves no sense in the ring makes it corrupt: a chain that has no end, or of
 * which only a part is available, or a buffer id that is none. What is wrong within a chain is noted in the chain.
 */
public final class PackedVirtqueue implements Virtqueue {
    /* In the state. */
    /** Place of the next chain to take. */
    private static final int NEXT = 0;
    /** How many descriptors the chain has that was peeked at last. */
    private static final int PEEKED = 1;

    private final GuestMemory memory;
    private final int size;
    private final boolean indirect;
    private final boolean eventIndex;
    private final MemoryRegion ring;
    private final int ringOffset;
    private final MemoryRegion deviceArea;
    private final int deviceAreaOffset;
    private final PackedUsedRing usedRing;
    /* How many descriptors each buffer in flight occupies: written before the buffer is handed over to the giving end. */
    private final short[] descriptorsOf;

    private final OwnInts state = new OwnInts(2);
    private boolean suppressed;
    private String problem = "";

    /**
     * A queue as a driver has laid it out, empty.
     *
     * @param indirect whether indirect descriptors were negotiated
     * @param eventIndex whether event indexes were negotiated
     */
    PackedVirtqueue(
            final GuestMemory memory, final QueueLayout layout, final boolean indirect, final boolean eventIndex)
            throws BadRingException {
        this.memory = memory;
        this.size = layout.size();
        this.indirect = indirect;
        this.eventIndex = eventIndex;
        if (size < 1 || size > PackedLayout.MAX_SIZE) {
            throw new BadRingException("queue size " + size + " is not from 1 to " + PackedLayout.MAX_SIZE);
        }
        final GuestArea ringArea = GuestArea.find(
                memory,
                "descriptor ring",
                layout.descriptors(),
                PackedLayout.DESCRIPTOR_BYTES * size,
                PackedLayout.DESCRIPTOR_ALIGNMENT);
        final GuestArea driverArea = events(memory, "driver event suppression", layout.driverArea());
        final GuestArea device = events(memory, "device event suppression", layout.deviceArea());
        ring = ringArea.region();
        ringOffset = ringArea.offset();
        deviceArea = device.region();
        deviceAreaOffset = device.offset();
        usedRing = new PackedUsedRing(ringArea, driverArea, size, eventIndex);
        descriptorsOf = new short[size];
    }

    private static GuestArea events(final GuestMemory memory, final String what, final long address)
            throws BadRingException {
        return GuestArea.find(memory, what, address, PackedLayout.EVENT_BYTES, PackedLayout.EVENT_ALIGNMENT);
    }

    @Override
    public int size() {
        return size;
    }

    // ---- the taking end ----

    @Override
    public int peek(final DescriptorChain chain) {
        chain.clear();
        int place = state.get(NEXT);
        for (int count = 1; count <= size; count++) {
            final int at = descriptor(place);
            final int flags = ring.getShortAcquire(at + PackedLayout.FLAGS);
            if (!isAvailable(flags, place)) {
                return count == 1 ? EMPTY : corrupt("a chain's descriptor " + count + " is not available");
            }
            final long address = ring.getLong(at);
            final long rest = ring.getLong(at + PackedLayout.LENGTH_ID_AND_FLAGS);
            final boolean last = (flags & PackedLayout.NEXT) == 0;
            if ((flags & PackedLayout.INDIRECT) == 0) {
                add(chain, address, (int) rest, flags);
            } else if (indirect && last && count == 1) {
                walkTable(address, Integer.toUnsignedLong((int) rest), chain);
            } else {
                chain.fault(Fault.MISPLACED_INDIRECT);
            }
            if (last) {
                return identify((int) (rest >>> PackedLayout.ID_SHIFT) & 0xffff, count);
            }
            place = PackedLayout.after(place, 1, size);
        }
        return corrupt("the chain at descriptor " + PackedLayout.index(state.get(NEXT), size) + " has no end");
    }

    private int descriptor(final int place) {
        return ringOffset + PackedLayout.DESCRIPTOR_BYTES * PackedLayout.index(place, size);
    }

    /** The two flags differ, and are of this round (2.8.1). */
    private boolean isAvailable(final int flags, final int place) {
        return (flags & (PackedLayout.AVAILABLE | PackedLayout.USED)) == PackedLayout.available(place, size);
    }

    private int identify(final int id, final int descriptors) {
        if (id >= size) {
            return corrupt("buffer id " + id + " in a queue of " + size);
        }
        descriptorsOf[id] = (short) descriptors;
        state.set(PEEKED, descriptors);
        return id;
    }

    private static void add(final DescriptorChain chain, final long address, final int length, final int flags) {
        if (!chain.add(address, length, (flags & PackedLayout.WRITE) != 0)) {
            chain.fault(Fault.TOO_LONG);
        }
    }

    /** Descriptors of a table follow one another, and no flag but WRITE has a meaning in them (2.8.7). */
    private void walkTable(final long tableAddress, final long tableBytes, final DescriptorChain chain) {
        final long entries = tableBytes / PackedLayout.DESCRIPTOR_BYTES;
        final int range = memory.find(tableAddress, tableBytes);
        if (entries == 0 || tableBytes % PackedLayout.DESCRIPTOR_BYTES != 0 || range == GuestMemory.NOT_FOUND) {
            chain.fault(Fault.BAD_INDIRECT_TABLE);
            return;
        }
        if (entries > DescriptorChain.MAX_DESCRIPTORS) {
            chain.fault(Fault.TOO_LONG);
            return;
        }
        final MemoryRegion table = memory.region(range);
        int at = memory.offset(range, tableAddress);
        for (int i = 0; i < entries; i++) {
            final long rest = table.getLong(at + PackedLayout.LENGTH_ID_AND_FLAGS);
            add(chain, table.getLong(at), (int) rest, (int) (rest >>> PackedLayout.FLAGS_SHIFT));
            at += PackedLayout.DESCRIPTOR_BYTES;
        }
    }

    private int corrupt(final String what) {
        problem = what;
        return CORRUPT;
    }

    /** Only a chain's last descriptor tells its id. */
    @Override
    public int upcoming(final int ahead) {
        return EMPTY;
    }

    /** How many descriptors of the ring the chain has that was peeked at last. */
    public int peekedDescriptors() {
        return state.get(PEEKED);
    }

    /** A descriptor's address, of the chain that was peeked at last and not yet taken. */
    public long peekedAddress(final int index) {
        return ring.getLong(descriptor(PackedLayout.after(state.get(NEXT), index, size)));
    }

    /** The rest of a descriptor of that chain: length (32 bits), above it buffer id and flags (16 each). */
    public long peekedRest(final int index) {
        return ring.getLong(
                descriptor(PackedLayout.after(state.get(NEXT), index, size)) + PackedLayout.LENGTH_ID_AND_FLAGS);
    }

    /**
     * As {@link #peek}, a chain that was taken in an earlier use of the ring and not given back, from a copy: the ring may
     * not have it any more.
     *
     * @param words for each descriptor what {@link #peekedAddress} and {@link #peekedRest} were
     */
    public int peekCopy(final long[] words, final DescriptorChain chain) {
        chain.clear();
        final int count = words.length / 2;
        for (int i = 0; i < count; i++) {
            final long rest = words[2 * i + 1];
            final int flags = (int) (rest >>> PackedLayout.FLAGS_SHIFT);
            if ((flags & PackedLayout.INDIRECT) == 0) {
                add(chain, words[2 * i], (int) rest, flags);
            } else if (indirect && count == 1) {
                walkTable(words[0], Integer.toUnsignedLong((int) rest), chain);
            } else {
                chain.fault(Fault.MISPLACED_INDIRECT);
            }
        }
        return identify((int) (words[2 * count - 1] >>> PackedLayout.ID_SHIFT) & 0xffff, count);
    }

    /** Not to be had: the ring keeps no descriptors that were taken; see {@link #peekCopy}. */
    @Override
    public int peekAgain(final int id, final DescriptorChain chain) {
        return corrupt("buffer " + id + " is to be read again, which a packed ring cannot");
    }

    /** Available place below, used place above: 15 bits of descriptor and the wrap counter each. */
    @Override
    public void resumeAt(final int position) {
        allowNotifications();
        state.set(NEXT, PackedLayout.placeAt(position, size));
        usedRing.resumeAt(PackedLayout.placeAt(position >>> Short.SIZE, size));
    }

    /** Whatever an earlier use of the ring has left behind. */
    private void allowNotifications() {
        suppressed = false;
        deviceArea.putInt(deviceAreaOffset, PackedLayout.ENABLE << PackedLayout.EVENT_FLAGS_SHIFT);
    }

    @Override
    public int position() {
        return PackedLayout.positionOf(state.get(NEXT), size) | (usedPosition() << Short.SIZE);
    }

    @Override
    public int usedPosition() {
        return PackedLayout.positionOf(usedRing.place(), size);
    }

    /**
     * Goes on in a ring whose device has died: as {@link #resumeAt}, where chains that it had taken lie between what it gave
     * back and what comes next. Nothing of these counts as used, whatever it had begun to write.
     *
     * @param used {@link #usedPosition} of what the driver may have seen
     * @param inFlight how many descriptors of the ring were taken and not given back
     */
    public void resumeAfter(final int used, final int inFlight) {
        allowNotifications();
        final int first = PackedLayout.placeAt(used, size);
        int place = first;
        for (int i = 0; i < inFlight; i++) {
            ring.putShort(descriptor(place) + PackedLayout.FLAGS, (short) PackedLayout.available(place, size));
            place = PackedLayout.after(place, 1, size);
        }
        state.set(NEXT, place);
        usedRing.resumeAt(first);
    }

    /** True when the descriptor that was the next to be used at a {@link #usedPosition} has been used since. */
    public boolean usedSince(final int used) {
        final int place = PackedLayout.placeAt(used, size);
        return !isAvailable(ring.getShortAcquire(descriptor(place) + PackedLayout.FLAGS), place);
    }

    @Override
    public void advance() {
        state.set(NEXT, PackedLayout.after(state.get(NEXT), state.get(PEEKED), size));
    }

    @Override
    public String problem() {
        return problem;
    }

    @Override
    public void suppressNotifications() {
        if (!suppressed) {
            suppressed = true;
            deviceArea.putInt(deviceAreaOffset, PackedLayout.DISABLE << PackedLayout.EVENT_FLAGS_SHIFT);
        }
    }

    @Override
    public boolean enableNotifications() {
        final int next = state.get(NEXT);
        if (eventIndex) {
            deviceArea.putInt(deviceAreaOffset, PackedLayout.eventAt(next, size));
        } else if (suppressed) {
            deviceArea.putInt(deviceAreaOffset, PackedLayout.ENABLE << PackedLayout.EVENT_FLAGS_SHIFT);
        } else {
            return false;
        }
        suppressed = false;
        VarHandle.fullFence();
        return isAvailable(ring.getShortAcquire(descriptor(next) + PackedLayout.FLAGS), next);
    }

    // ---- the giving end ----

    @Override
    public int used(final int id, final int writtenBytes) {
        return usedRing.add(id, writtenBytes, Short.toUnsignedInt(descriptorsOf[id]));
    }

    @Override
    public void publish() {
        usedRing.publish();
    }

    @Override
    public boolean publishAndAsk() {
        return usedRing.publishAndAsk();
    }
}
