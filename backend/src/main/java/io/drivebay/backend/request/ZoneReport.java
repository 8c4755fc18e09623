package io.drivebay.backend.request;

import java.util.Objects;

/**
 * What a ZONE_REPORT fills: zones in their order, up to as many as there is room for. Offsets in bytes.
 *
 * <p>Belongs to whoever submits the request, and may be used again. One thread at a time.
 */
public final class ZoneReport {
    private final long[] starts;
    private final long[] capacities;
    private final long[] writePointers;
    private final ZoneState[] states;
    private int limit;
    private int count;

    /** An empty report with room for a number of zones. */
    public ZoneReport(final int room) {
        this.starts = new long[room];
        this.capacities = new long[room];
        this.writePointers = new long[room];
        this.states = new ZoneState[room];
        this.limit = room;
    }

    /** Empties the report; at most so many zones go into it, however much room there is. */
    public ZoneReport clear(final int most) {
        count = 0;
        limit = Math.min(most, starts.length);
        return this;
    }

    /** True when no further zone goes into it. */
    public boolean full() {
        return count == limit;
    }

    /**
     * Adds a zone; there must be room.
     *
     * @param start its first byte
     * @param capacityBytes how much of it can be written
     * @param writePointer where the next write goes; without meaning for zones that take none
     */
    public void add(final long start, final long capacityBytes, final long writePointer, final ZoneState state) {
        Objects.checkIndex(count, limit);
        starts[count] = start;
        capacities[count] = capacityBytes;
        writePointers[count] = writePointer;
        states[count] = state;
        count++;
    }

    /** How many zones are in it. */
    public int count() {
        return count;
    }

    /** First byte of a zone. */
    public long start(final int index) {
        return starts[Objects.checkIndex(index, count)];
    }

    /** How much of a zone can be written. */
    public long capacityBytes(final int index) {
        return capacities[Objects.checkIndex(index, count)];
    }

    /** Where a zone's next write goes, in bytes from the start of the medium. */
    public long writePointer(final int index) {
        return writePointers[Objects.checkIndex(index, count)];
    }

    public ZoneState state(final int index) {
        return states[Objects.checkIndex(index, count)];
    }
}
