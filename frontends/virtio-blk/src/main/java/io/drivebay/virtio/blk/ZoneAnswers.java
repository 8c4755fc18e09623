package io.drivebay.virtio.blk;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.ZoneReport;
import io.drivebay.backend.request.ZoneState;

/**
 * What a slot needs for requests of zones, made with the first of them: a report and where its answer goes
 * (virtio 1.3, 5.2.6).
 *
 * <pre>
 *   report: nr_zones (8), reserved (56)      descriptor: z_cap (8), z_start (8), z_wp (8)
 *           descriptor [nr_zones]                        z_type (1), z_state (1), reserved (38)
 * </pre>
 */
final class ZoneAnswers {
    /** Where an append's first sector goes, before the status byte. */
    static final int APPEND_SECTOR_BYTES = 8;

    private static final int MAX_ZONES = 256;
    private static final int ENTRY_BYTES = 64;
    private static final int START = 8;
    private static final int WRITE_POINTER = 16;
    private static final int TYPE = 24;
    private static final int STATE = 25;
    private static final byte CONVENTIONAL = 1;
    private static final byte SEQUENTIAL = 2;

    private final ZoneReport report = new ZoneReport(MAX_ZONES);
    private final MemoryRegion entry = MemoryRegion.allocate(ENTRY_BYTES);
    /* The device-writable bytes before the status byte: what an append has beside its data. */
    private final IoVector answer = new IoVector();

    ZoneAnswers() {}

    IoVector answer() {
        return answer;
    }

    /** An empty report for as many zones as go into a buffer that the header {@link #fits}. */
    ZoneReport begin(final long bufferBytes) {
        return report.clear((int) Math.min(MAX_ZONES, bufferBytes / ENTRY_BYTES - 1));
    }

    /** True when a report's header has room. */
    static boolean fits(final long bufferBytes) {
        return bufferBytes >= ENTRY_BYTES;
    }

    /** Writes the report; says how many bytes that were. */
    long writeReport(final IoVector target) {
        entry.fill(0, ENTRY_BYTES, (byte) 0);
        entry.putLong(0, report.count());
        target.copyFrom(0, entry, 0, ENTRY_BYTES);
        for (int i = 0; i < report.count(); i++) {
            final ZoneState state = report.state(i);
            entry.putLong(0, report.capacityBytes(i) >> DiskShape.SECTOR_SHIFT);
            entry.putLong(START, report.start(i) >> DiskShape.SECTOR_SHIFT);
            entry.putLong(WRITE_POINTER, report.writePointer(i) >> DiskShape.SECTOR_SHIFT);
            entry.putByte(TYPE, state == ZoneState.CONVENTIONAL ? CONVENTIONAL : SEQUENTIAL);
            entry.putByte(STATE, code(state));
            target.copyFrom((long) ENTRY_BYTES * (i + 1), entry, 0, ENTRY_BYTES);
        }
        return (long) ENTRY_BYTES * (report.count() + 1);
    }

    /** Writes where an append has put its data; says how many bytes that were. */
    long writeAppended(final long atBytes) {
        entry.putLong(0, atBytes >> DiskShape.SECTOR_SHIFT);
        answer.copyFrom(0, entry, 0, APPEND_SECTOR_BYTES);
        return APPEND_SECTOR_BYTES;
    }

    private static byte code(final ZoneState state) {
        return switch (state) {
            case CONVENTIONAL -> 0;
            case EMPTY -> 1;
            case IMPLICITLY_OPEN -> 2;
            case EXPLICITLY_OPEN -> 3;
            case CLOSED -> 4;
            case READ_ONLY -> 13;
            case FULL -> 14;
            case OFFLINE -> 15;
        };
    }
}
