package io.drivebay.virtio.queue;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.DescriptorChain.Fault;
import java.lang.invoke.VarHandle;

/**
 * A split virtqueue (virtio 1.2, 2.7). The areas' places are looked up once, when the queue is enabled.
 *
 * <p>What the driver writes is read once and checked as read. An index or link that leads out of the ring makes the ring
 * corrupt; what is wrong within a chain is noted in the chain, and the ring goes on.
 */
final class SplitVirtqueue implements Virtqueue {
    private static final int WALKED = 0;

    /** In the state: index of the next chain to take. */
    private static final int NEXT = 0;
    /** In the state: the available index as it was last seen. */
    private static final int KNOWN = 1;

    private final GuestMemory memory;
    private final int size;
    private final boolean indirect;
    private final boolean eventIndex;
    private final MemoryRegion descriptors;
    private final int descriptorsOffset;
    private final MemoryRegion available;
    private final int availableOffset;
    private final MemoryRegion used;
    private final int usedOffset;
    private final SplitUsedRing usedRing;

    private final OwnInts state = new OwnInts(2);
    private boolean suppressed;
    private String problem = "";

    /**
     * A queue as a driver has laid it out, empty.
     *
     * @param indirect whether indirect descriptors were negotiated
     * @param eventIndex whether event indexes were negotiated
     */
    SplitVirtqueue(final GuestMemory memory, final QueueLayout layout, final boolean indirect, final boolean eventIndex)
            throws BadRingException {
        this.memory = memory;
        this.size = layout.size();
        this.indirect = indirect;
        this.eventIndex = eventIndex;
        if (size < 1 || size > SplitLayout.MAX_SIZE || Integer.bitCount(size) != 1) {
            throw new BadRingException("queue size " + size + " is no power of two up to " + SplitLayout.MAX_SIZE);
        }
        final int eventBytes = eventIndex ? SplitLayout.EVENT_BYTES : 0;
        final GuestArea table = GuestArea.find(
                memory,
                "descriptor table",
                layout.descriptors(),
                SplitLayout.DESCRIPTOR_BYTES * size,
                SplitLayout.DESCRIPTOR_ALIGNMENT);
        final GuestArea availableArea = GuestArea.find(
                memory,
                "available ring",
                layout.driverArea(),
                SplitLayout.usedEvent(size) + eventBytes,
                SplitLayout.AVAILABLE_ALIGNMENT);
        final GuestArea usedArea = GuestArea.find(
                memory,
                "used ring",
                layout.deviceArea(),
                SplitLayout.availableEvent(size) + eventBytes,
                SplitLayout.USED_ALIGNMENT);
        descriptors = table.region();
        descriptorsOffset = table.offset();
        available = availableArea.region();
        availableOffset = availableArea.offset();
        used = usedArea.region();
        usedOffset = usedArea.offset();
        usedRing = new SplitUsedRing(usedArea, availableArea, size, eventIndex);
    }

    @Override
    public int size() {
        return size;
    }

    // ---- the taking end ----

    @Override
    public int peek(final DescriptorChain chain) {
        final int next = state.get(NEXT);
        if (next == state.get(KNOWN)) {
            final int index = available.getShortAcquire(availableOffset + SplitLayout.INDEX) & 0xffff;
            state.set(KNOWN, index);
            final int waiting = (index - next) & 0xffff;
            if (waiting == 0) {
                return EMPTY;
            }
            if (waiting > size) {
                return corrupt("the available index jumped by " + waiting + " in a queue of " + size);
            }
        }
        final int head = head(next);
        if (head >= size) {
            return corrupt("available head " + head + " in a queue of " + size);
        }
        chain.clear();
        final int walked = walk(head, chain);
        return walked == WALKED ? head : walked;
    }

    private int head(final int position) {
        final int entry = SplitLayout.RING + SplitLayout.HEAD_BYTES * (position & (size - 1));
        return available.getShort(availableOffset + entry) & 0xffff;
    }

    @Override
    public int upcoming(final int ahead) {
        final int next = state.get(NEXT);
        if (ahead >= ((state.get(KNOWN) - next) & 0xffff)) {
            return EMPTY;
        }
        final int head = head(next + ahead);
        return head < size ? head : EMPTY;
    }

    @Override
    public int peekAgain(final int id, final DescriptorChain chain) {
        chain.clear();
        final int walked = walk(id, chain);
        return walked == WALKED ? id : walked;
    }

    /** A driver that was told before not to notify is told otherwise. */
    @Override
    public void resumeAt(final int position) {
        state.set(NEXT, position & 0xffff);
        state.set(KNOWN, position & 0xffff);
        if (!eventIndex) {
            used.putShort(usedOffset + SplitLayout.FLAGS, (short) 0);
        }
        usedRing.resume();
    }

    @Override
    public int position() {
        return state.get(NEXT);
    }

    @Override
    public int usedPosition() {
        return used.getShort(usedOffset + SplitLayout.INDEX) & 0xffff;
    }

    @Override
    public void advance() {
        state.set(NEXT, (state.get(NEXT) + 1) & 0xffff);
    }

    /** Reads a chain in the descriptor table and, where that ends with an indirect descriptor, in its table. */
    private int walk(final int head, final DescriptorChain chain) {
        int index = head;
        for (int steps = 0; steps < size; steps++) {
            final int at = descriptorsOffset + SplitLayout.DESCRIPTOR_BYTES * index;
            final long address = descriptors.getLong(at);
            final long rest = descriptors.getLong(at + SplitLayout.LENGTH_AND_FLAGS);
            final int flags = (int) (rest >>> SplitLayout.FLAGS_SHIFT) & 0xffff;
            if ((flags & SplitLayout.INDIRECT) != 0) {
                if (!indirect || (flags & SplitLayout.NEXT) != 0) {
                    chain.fault(Fault.MISPLACED_INDIRECT);
                } else {
                    walkTable(address, Integer.toUnsignedLong((int) rest), chain);
                }
                return WALKED;
            }
            if (!chain.add(address, (int) rest, (flags & SplitLayout.WRITE) != 0)) {
                chain.fault(Fault.TOO_LONG);
                return WALKED;
            }
            if ((flags & SplitLayout.NEXT) == 0) {
                return WALKED;
            }
            index = (int) (rest >>> SplitLayout.NEXT_SHIFT);
            if (index >= size) {
                return corrupt("descriptor link to " + index + " in a queue of " + size);
            }
        }
        return corrupt("the descriptors from " + head + " on form a loop");
    }

    private void walkTable(final long tableAddress, final long tableBytes, final DescriptorChain chain) {
        final long entries = tableBytes / SplitLayout.DESCRIPTOR_BYTES;
        final int range = memory.find(tableAddress, tableBytes);
        if (entries == 0
                || entries > SplitLayout.MAX_SIZE
                || tableBytes % SplitLayout.DESCRIPTOR_BYTES != 0
                || range == GuestMemory.NOT_FOUND) {
            chain.fault(Fault.BAD_INDIRECT_TABLE);
            return;
        }
        final MemoryRegion table = memory.region(range);
        final int offset = memory.offset(range, tableAddress);
        int index = 0;
        for (int steps = 0; steps < entries; steps++) {
            final int at = offset + SplitLayout.DESCRIPTOR_BYTES * index;
            final long address = table.getLong(at);
            final long rest = table.getLong(at + SplitLayout.LENGTH_AND_FLAGS);
            final int flags = (int) (rest >>> SplitLayout.FLAGS_SHIFT) & 0xffff;
            if ((flags & SplitLayout.INDIRECT) != 0) {
                chain.fault(Fault.MISPLACED_INDIRECT);
                return;
            }
            if (!chain.add(address, (int) rest, (flags & SplitLayout.WRITE) != 0)) {
                chain.fault(Fault.TOO_LONG);
                return;
            }
            if ((flags & SplitLayout.NEXT) == 0) {
                return;
            }
            index = (int) (rest >>> SplitLayout.NEXT_SHIFT);
            if (index >= entries) {
                break;
            }
        }
        chain.fault(Fault.BAD_INDIRECT_LINK);
    }

    private int corrupt(final String what) {
        problem = what;
        return CORRUPT;
    }

    @Override
    public String problem() {
        return problem;
    }

    @Override
    public void suppressNotifications() {
        if (!eventIndex && !suppressed) {
            suppressed = true;
            used.putShort(usedOffset + SplitLayout.FLAGS, (short) SplitLayout.SUPPRESS);
        }
    }

    @Override
    public boolean enableNotifications() {
        final int next = state.get(NEXT);
        if (eventIndex) {
            used.putShort(usedOffset + SplitLayout.availableEvent(size), (short) next);
        } else if (suppressed) {
            suppressed = false;
            used.putShort(usedOffset + SplitLayout.FLAGS, (short) 0);
        } else {
            return false;
        }
        VarHandle.fullFence();
        return (available.getShortAcquire(availableOffset + SplitLayout.INDEX) & 0xffff) != next;
    }

    // ---- the giving end ----

    @Override
    public int used(final int id, final int writtenBytes) {
        return usedRing.add(id, writtenBytes);
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
