package io.drivebay.virtio.blk;

import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.ZoneLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * The configuration space of a block device (virtio 1.3, 5.2.4).
 *
 * <pre>
 *   0 capacity (8)          16 geometry: cylinders (2), heads (1), sectors (1)
 *   8 size_max (4)          20 blk_size (4)
 *  12 seg_max (4)           24 topology: physical exponent (1), offset (1), min_io (2), opt_io (4)
 *  32 writeback (1), unused (1), num_queues (2)
 *  36 max_discard_sectors (4)        48 max_write_zeroes_sectors (4)
 *  40 max_discard_seg (4)            52 max_write_zeroes_seg (4)
 *  44 discard_sector_alignment (4)   56 write_zeroes_may_unmap (1), unused (3)
 *  60 max_secure_erase_sectors (4)   64 max_secure_erase_seg (4)
 *  68 secure_erase_sector_alignment (4)
 *  72 zoned: zone_sectors (4), max_open_zones (4), max_active_zones (4), max_append_sectors (4),
 *            write_granularity (4), model (1), unused (3)
 * </pre>
 *
 * <p>Bytes and generation change together, in one assignment: a driver that reads a field in pieces between two reads of
 * the same generation has read one state of it. Any thread.
 */
final class ConfigSpace {
    static final int BYTES = 96;
    static final int WRITEBACK = 32;
    private static final int ZONED = 72;
    private static final byte HOST_MANAGED = 1;

    /** Most sectors of one segment of a DISCARD, WRITE_ZEROES or SECURE_ERASE. */
    static final int MAX_RANGE_SECTORS = (int) (BlockLimits.MAX_REQUEST >> DiskShape.SECTOR_SHIFT);

    /** Longest data that one descriptor may describe: what a backend takes in one request. */
    static final int SIZE_MAX = (int) BlockLimits.MAX_REQUEST;

    /** Most segments of one DISCARD, WRITE_ZEROES or SECURE_ERASE. */
    static final int MAX_RANGES = 32;

    private static final int HEADS = 16;
    private static final int SECTORS_PER_TRACK = 63;
    private static final int MAX_CYLINDERS = 65535;

    /* Immutable. */
    private static final class State {
        private final byte[] bytes;
        private final int generation;

        State(final byte[] bytes, final int generation) {
            this.bytes = bytes;
            this.generation = generation;
        }
    }

    private final int queues;
    private final int segments;
    private volatile State state;
    private DiskShape shape;
    private boolean writeback;

    ConfigSpace(final BlkOptions options, final DiskShape shape, final boolean writeback) {
        this.queues = options.queues();
        this.segments = Math.max(1, options.queueSize() - 2);
        this.shape = shape;
        this.writeback = writeback;
        this.state = new State(layOut(), 0);
    }

    /** Shows another medium; true when the driver can see a difference. */
    synchronized boolean show(final DiskShape newShape) {
        shape = newShape;
        return change();
    }

    synchronized void writeback(final boolean enabled) {
        writeback = enabled;
        change();
    }

    synchronized boolean writeback() {
        return writeback;
    }

    private boolean change() {
        final State before = state;
        final byte[] bytes = layOut();
        if (Arrays.equals(bytes, before.bytes)) {
            return false;
        }
        state = new State(bytes, before.generation + 1);
        return true;
    }

    private byte[] layOut() {
        final ByteBuffer bytes = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        final long sectors = shape.capacitySectors();
        final int blockSectors = shape.blockBytes() / DiskShape.SECTOR_BYTES;
        bytes.putLong(sectors).putInt(SIZE_MAX).putInt(segments);
        bytes.putShort((short) Math.min(sectors / (HEADS * SECTORS_PER_TRACK), MAX_CYLINDERS));
        bytes.put((byte) HEADS).put((byte) SECTORS_PER_TRACK);
        bytes.putInt(shape.blockBytes());
        bytes.put((byte) shape.physicalBlockExponent()).put((byte) 0);
        bytes.putShort((short) (1 << shape.physicalBlockExponent())).putInt(0);
        bytes.put((byte) (writeback ? 1 : 0)).put((byte) 0).putShort((short) queues);
        bytes.putInt(MAX_RANGE_SECTORS / blockSectors * blockSectors).putInt(MAX_RANGES);
        bytes.putInt(shape.discardAlignmentSectors());
        bytes.putInt(MAX_RANGE_SECTORS / blockSectors * blockSectors).putInt(MAX_RANGES);
        bytes.put((byte) (shape.zeroesMayUnmap() ? 1 : 0)).put(new byte[3]);
        if (shape.secureErase()) {
            bytes.putInt(MAX_RANGE_SECTORS / blockSectors * blockSectors).putInt(MAX_RANGES);
            bytes.putInt(blockSectors);
        }
        final ZoneLayout zones = shape.zones();
        if (zones != null) {
            bytes.position(ZONED).putInt((int) (zones.zoneBytes() >> DiskShape.SECTOR_SHIFT));
            bytes.putInt(zones.maxOpenZones()).putInt(zones.maxActiveZones());
            bytes.putInt((int) (zones.maxAppendBytes() >> DiskShape.SECTOR_SHIFT));
            bytes.putInt(zones.writeGranularityBytes()).put(HOST_MANAGED);
        }
        return bytes.array();
    }

    /** Reads a field of 1 to 8 bytes; what lies beyond the end is 0. */
    long read(final int offset, final int widthBytes) {
        final byte[] bytes = state.bytes;
        long value = 0;
        for (int i = 0; i < widthBytes && offset < bytes.length - i; i++) {
            value |= (bytes[offset + i] & 0xffL) << (Byte.SIZE * i);
        }
        return value;
    }

    int generation() {
        return state.generation;
    }
}
