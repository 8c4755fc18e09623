package io.drivebay.sim.virtio;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestRam;

/**
 * The memory and the descriptor chains of a queue's slots. Each chain is header, data, status; it is rewritten only when
 * the next request of its slot has another length or direction than the one before.
 *
 * <pre>
 *   slot (a multiple of 64 bytes):  header 16 | status 1 | ... 64 | indirect table, if indirect
 * </pre>
 */
final class SlotChains {
    /**
     * What the slots are like.
     *
     * @param slots how many
     * @param slotBytes memory for data of each
     * @param segmentBytes longest piece of data that one descriptor may describe
     * @param indirect whether chains stand in tables of their own, with one descriptor in the ring
     */
    record Shape(int slots, int slotBytes, int segmentBytes, boolean indirect) {
        /** Descriptors of the longest chain: header, data, status. */
        int chainLength() {
            return 2 + (slotBytes + segmentBytes - 1) / segmentBytes;
        }

        /** Descriptors of the ring that a slot occupies. */
        int ringDescriptors() {
            return indirect ? 1 : chainLength();
        }
    }

    private static final int LINE_BYTES = 64;
    private static final int HEADER_BYTES = 16;
    private static final int NO_SHAPE = -1;

    private final SplitRing ring;
    private final Shape shape;
    private final int stride;
    private final int ringDescriptors;
    private final GuestBuffer control;
    private final MemoryRegion region;
    private final GuestBuffer[] data;
    /* Length and direction that each slot's chain is prepared for. */
    private final int[] prepared;

    SlotChains(final GuestRam ram, final SplitRing ring, final Shape shape) {
        this.ring = ring;
        this.shape = shape;
        this.ringDescriptors = shape.ringDescriptors();
        final int tableBytes = shape.indirect() ? shape.chainLength() * SplitRing.DESCRIPTOR_BYTES : 0;
        this.stride = LINE_BYTES + (tableBytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
        this.control = ram.allocatePages(stride * shape.slots());
        this.region = control.region();
        this.data = new GuestBuffer[shape.slots()];
        for (int slot = 0; slot < data.length; slot++) {
            data[slot] = ram.allocate(shape.slotBytes(), Math.min(GuestRam.PAGE_BYTES, pageOrLess(shape.slotBytes())));
        }
        this.prepared = new int[shape.slots()];
        prepare();
    }

    private static int pageOrLess(final int bytes) {
        return Integer.highestOneBit(Math.max(LINE_BYTES, bytes));
    }

    /** Begins anew: all memory but the data's is zeroed, no chain is prepared. */
    void prepare() {
        control.clear();
        java.util.Arrays.fill(prepared, NO_SHAPE);
    }

    /** Where headers and status bytes are. */
    MemoryRegion region() {
        return region;
    }

    /** Where in the region a slot's header begins. */
    int header(final int slot) {
        return control.offset() + slot * stride;
    }

    GuestBuffer data(final int slot) {
        return data[slot];
    }

    /** The head of a slot's chain, prepared for data of a length that the device fills or reads. */
    int head(final int slot, final int bytes, final boolean fills) {
        final int wanted = bytes << 1 | (fills ? 1 : 0);
        if (prepared[slot] != wanted) {
            write(slot, bytes, fills);
            prepared[slot] = wanted;
        }
        return slot * ringDescriptors;
    }

    /** The slot whose chain has a head; -1 when there is none. */
    int slotOfHead(final int head) {
        final int slot = ringDescriptors == 1 ? head : Integer.divideUnsigned(head, ringDescriptors);
        return slot >= 0 && slot < data.length && slot * ringDescriptors == head ? slot : -1;
    }

    private void write(final int slot, final int bytes, final boolean fills) {
        if (bytes > shape.slotBytes()) {
            throw new IllegalArgumentException(
                    "request of " + bytes + " bytes in a slot of " + shape.slotBytes() + " bytes");
        }
        final int pieces = (bytes + shape.segmentBytes() - 1) / shape.segmentBytes();
        final long address = control.address() + (long) slot * stride;
        descriptor(slot, 0, address, HEADER_BYTES, SplitRing.NEXT);
        for (int i = 0; i < pieces; i++) {
            final int from = i * shape.segmentBytes();
            descriptor(
                    slot,
                    1 + i,
                    data[slot].address() + from,
                    Math.min(shape.segmentBytes(), bytes - from),
                    SplitRing.NEXT | (fills ? SplitRing.WRITE : 0));
        }
        descriptor(slot, 1 + pieces, address + HEADER_BYTES, 1, SplitRing.WRITE);
        if (shape.indirect()) {
            final int tableBytes = (2 + pieces) * SplitRing.DESCRIPTOR_BYTES;
            ring.descriptor(slot, address + LINE_BYTES, tableBytes, SplitRing.INDIRECT, 0);
        }
    }

    private void descriptor(final int slot, final int index, final long address, final int length, final int flags) {
        final boolean last = (flags & SplitRing.NEXT) == 0;
        if (shape.indirect()) {
            final int at = header(slot) + LINE_BYTES + index * SplitRing.DESCRIPTOR_BYTES;
            SplitRing.writeDescriptor(region, at, address, length, flags | (last ? 0 : (index + 1) << Short.SIZE));
        } else {
            final int inRing = slot * ringDescriptors + index;
            ring.descriptor(inRing, address, length, flags, last ? 0 : inRing + 1);
        }
    }
}
