package io.drivebay.sim.virtio;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestRam;

/**
 * The memory and the descriptor chains of a queue's slots. Each chain is header, data, status; it is rewritten only when
 * the next request of its slot has another length or direction than the one before.
 *
 * <pre>
 *   slot (a multiple of 64 bytes):  header 16 | status 1 | ... | append_sector 8 | status of an append 1 | ... 64
 *                                   indirect table, if indirect
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

    /** Where in a slot's control memory the status byte is. */
    static final int STATUS = 16;

    /** Where the first sector of an append goes; its status byte follows. */
    static final int APPEND_SECTOR = 24;

    private static final int APPEND_ANSWER_BYTES = 9;

    /** What a request does with its data. */
    enum Direction {
        TO_DEVICE,
        FROM_DEVICE,
        /** To the device, which says where it has put it. */
        APPEND
    }

    private final DriverRing ring;
    private final Shape shape;
    private final int stride;
    private final GuestBuffer control;
    private final MemoryRegion region;
    private final GuestBuffer[] data;
    /* Length and direction that each slot's chain is prepared for. */
    private final int[] prepared;

    SlotChains(final GuestRam ram, final DriverRing ring, final Shape shape) {
        this.ring = ring;
        this.shape = shape;
        final int tableBytes = shape.indirect() ? shape.chainLength() * DriverRing.DESCRIPTOR_BYTES : 0;
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

    /** Describes a slot's chain, for data of a length. */
    void prepare(final int slot, final int bytes, final Direction direction) {
        final int wanted = bytes << 2 | direction.ordinal();
        if (prepared[slot] != wanted) {
            write(slot, bytes, direction);
            prepared[slot] = wanted;
        }
    }

    private void write(final int slot, final int bytes, final Direction direction) {
        if (bytes > shape.slotBytes()) {
            throw new IllegalArgumentException(
                    "request of " + bytes + " bytes in a slot of " + shape.slotBytes() + " bytes");
        }
        final int pieces = (bytes + shape.segmentBytes() - 1) / shape.segmentBytes();
        final long address = control.address() + (long) slot * stride;
        descriptor(slot, 0, address, HEADER_BYTES, DriverRing.NEXT);
        for (int i = 0; i < pieces; i++) {
            final int from = i * shape.segmentBytes();
            descriptor(
                    slot,
                    1 + i,
                    data[slot].address() + from,
                    Math.min(shape.segmentBytes(), bytes - from),
                    DriverRing.NEXT | (direction == Direction.FROM_DEVICE ? DriverRing.WRITE : 0));
        }
        if (direction == Direction.APPEND) {
            descriptor(slot, 1 + pieces, address + APPEND_SECTOR, APPEND_ANSWER_BYTES, DriverRing.WRITE);
        } else {
            descriptor(slot, 1 + pieces, address + STATUS, 1, DriverRing.WRITE);
        }
        if (shape.indirect()) {
            final int tableBytes = (2 + pieces) * DriverRing.DESCRIPTOR_BYTES;
            ring.describe(slot, 0, address + LINE_BYTES, tableBytes, DriverRing.INDIRECT);
        }
    }

    private void descriptor(final int slot, final int index, final long address, final int length, final int flags) {
        if (shape.indirect()) {
            ring.describeInTable(region, header(slot) + LINE_BYTES, index, address, length, flags);
        } else {
            ring.describe(slot, index, address, length, flags);
        }
    }
}
