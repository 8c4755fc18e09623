package io.drivebay.sim.virtio;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.machine.GuestRam;
import java.util.Arrays;

/**
 * The memory and the descriptor chains of a queue's slots. Each chain is header, data, status; it is rewritten only when
 * the next request of its slot has another length or direction than the one before.
 *
 * <pre>
 *   headers   16 bytes a slot
 *   answers   16 bytes a slot:  append_sector 8 | status 1 | ...
 *   tables    one a slot, each in cache lines of its own, if indirect
 * </pre>
 *
 * <p>What the driver writes and what the device writes share no cache line, and requests that are made in a row share
 * theirs: a line that goes to the other processor takes several of them along.
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
    private static final int ANSWER_BYTES = 16;
    private static final int NO_SHAPE = -1;

    /** Where in an answer the status byte is; an append's begins with the sector before it. */
    static final int STATUS = 8;

    private static final int APPEND_ANSWER_BYTES = STATUS + 1;

    /** What a request does with its data. */
    enum Direction {
        TO_DEVICE,
        FROM_DEVICE,
        /** To the device, which says where it has put it. */
        APPEND
    }

    private final DriverRing ring;
    private final Shape shape;
    private final int answersAt;
    private final int tablesAt;
    private final int tableBytes;
    private final GuestBuffer control;
    private final MemoryRegion region;
    private final GuestBuffer[] data;
    /* Length and direction that each slot's chain is prepared for. */
    private final int[] prepared;

    SlotChains(final GuestRam ram, final DriverRing ring, final Shape shape) {
        this.ring = ring;
        this.shape = shape;
        this.answersAt = lines(shape.slots() * HEADER_BYTES);
        this.tablesAt = answersAt + lines(shape.slots() * ANSWER_BYTES);
        this.tableBytes = shape.indirect() ? lines(shape.chainLength() * DriverRing.DESCRIPTOR_BYTES) : 0;
        this.control = ram.allocatePages(tablesAt + shape.slots() * tableBytes);
        this.region = control.region();
        this.data = new GuestBuffer[shape.slots()];
        for (int slot = 0; slot < data.length; slot++) {
            data[slot] = ram.allocate(shape.slotBytes(), Math.min(GuestRam.PAGE_BYTES, pageOrLess(shape.slotBytes())));
        }
        this.prepared = new int[shape.slots()];
        prepare();
    }

    private static int lines(final int bytes) {
        return (bytes + LINE_BYTES - 1) / LINE_BYTES * LINE_BYTES;
    }

    private static int pageOrLess(final int bytes) {
        return Integer.highestOneBit(Math.max(LINE_BYTES, bytes));
    }

    /** Begins anew: all memory but the data's is zeroed, no chain is prepared. */
    void prepare() {
        control.clear();
        Arrays.fill(prepared, NO_SHAPE);
    }

    /** Where headers and answers are. */
    MemoryRegion region() {
        return region;
    }

    /** Where in the region a slot's header begins. */
    int header(final int slot) {
        return control.offset() + slot * HEADER_BYTES;
    }

    /** Where in the region a slot's answer begins. */
    int answer(final int slot) {
        return control.offset() + answersAt + slot * ANSWER_BYTES;
    }

    private int table(final int slot) {
        return control.offset() + tablesAt + slot * tableBytes;
    }

    private long address(final int at) {
        return control.address() + at - control.offset();
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
        descriptor(slot, 0, address(header(slot)), HEADER_BYTES, DriverRing.NEXT);
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
            descriptor(slot, 1 + pieces, address(answer(slot)), APPEND_ANSWER_BYTES, DriverRing.WRITE);
        } else {
            descriptor(slot, 1 + pieces, address(answer(slot) + STATUS), 1, DriverRing.WRITE);
        }
        if (shape.indirect()) {
            final int inTable = (2 + pieces) * DriverRing.DESCRIPTOR_BYTES;
            ring.describe(slot, 0, address(table(slot)), inTable, DriverRing.INDIRECT);
        }
    }

    private void descriptor(final int slot, final int index, final long address, final int length, final int flags) {
        if (shape.indirect()) {
            ring.describeInTable(region, table(slot), index, address, length, flags);
        } else {
            ring.describe(slot, index, address, length, flags);
        }
    }
}
