package io.drivebay.sim.ide;

import java.util.Arrays;

/**
 * A guest's driver for an ATAPI CD/DVD drive (ATA/ATAPI-6 9.8, MMC-5 section 6). Addresses and counts are in blocks of
 * 2048 bytes. Each method runs a packet to its end; {@link #ok} tells whether it succeeded.
 */
public final class AtapiDriver {
    /** Bytes of a block. */
    public static final int BLOCK = 2048;

    private static final int LIMIT = 0xfffe;
    private static final int SENSE_BYTES = 18;

    private final IdeDriver channel;
    private final int unit;

    /** A driver for a channel's first (0) or second (1) drive. */
    public AtapiDriver(final IdeDriver channel, final int unit) {
        this.channel = channel;
        this.unit = unit;
    }

    /** The channel that the packets go through. */
    public IdeDriver channel() {
        return channel;
    }

    // ---- packets ----

    /** Twelve bytes, of which the first are given. */
    public static byte[] cdb(final int... bytes) {
        final byte[] packet = new byte[12];
        for (int i = 0; i < bytes.length; i++) {
            packet[i] = (byte) bytes[i];
        }
        return packet;
    }

    /** A packet with a block address in bytes 2 to 5 and a count in bytes 7 and 8: READ(10) and its like. */
    public static byte[] cdb10(final int opcode, final long lba, final int count) {
        return cdb(opcode, 0, (int) (lba >> 24), (int) (lba >> 16), (int) (lba >> 8), (int) lba, 0, count >> 8, count);
    }

    /** Begins a packet whose data, if any, comes by programmed I/O in pieces of at most some bytes. */
    public void begin(final byte[] cdb, final int limit) {
        channel.beginPacket(unit, cdb, limit);
    }

    /** Begins a packet whose data comes by DMA. */
    public void beginDma(final byte[] cdb, final int bytes) {
        channel.beginPacketDma(unit, cdb, bytes);
    }

    /** Runs a packet by programmed I/O; the data that has come. */
    public byte[] packet(final int... cdb) {
        return packet(cdb(cdb));
    }

    /** Runs a packet by programmed I/O; the data that has come. */
    public byte[] packet(final byte[] cdb) {
        begin(cdb, LIMIT);
        return channel.finish().data();
    }

    /** Runs a packet by DMA; the buffer, which holds what has come. */
    public byte[] packetDma(final int bytes, final byte[] cdb) {
        beginDma(cdb, bytes);
        return channel.finish().data();
    }

    /** DEVICE RESET. */
    public void reset() {
        channel.deviceReset(unit);
    }

    /** True when the last packet succeeded. */
    public boolean ok() {
        return channel.ok();
    }

    /** Sense key of the last packet, from the error register. */
    public int senseKey() {
        return channel.error() >> 4;
    }

    // ---- commands ----

    /** TEST UNIT READY. */
    public boolean ready() {
        packet(0x00);
        return ok();
    }

    /** REQUEST SENSE. */
    public Sense sense() {
        return Sense.of(packet(0x03, 0, 0, 0, SENSE_BYTES));
    }

    /** INQUIRY. */
    public byte[] inquiry() {
        return packet(0x12, 0, 0, 0, 36);
    }

    /** READ(10), by DMA or programmed I/O. */
    public byte[] read10(final long lba, final int count, final boolean dma) {
        final byte[] cdb = cdb10(0x28, lba, count);
        return dma ? packetDma(count * BLOCK, cdb) : packet(cdb);
    }

    /** READ(12). */
    public byte[] read12(final long lba, final int count) {
        return packet(
                0xa8,
                0,
                (int) (lba >> 24),
                (int) (lba >> 16),
                (int) (lba >> 8),
                (int) lba,
                count >> 24,
                count >> 16,
                count >> 8,
                count);
    }

    /** READ CD: whole sectors with sync, header, EDC and ECC; 2352 bytes each. */
    public byte[] readCd(final long lba, final int count) {
        return packet(
                0xbe,
                0,
                (int) (lba >> 24),
                (int) (lba >> 16),
                (int) (lba >> 8),
                (int) lba,
                count >> 16,
                count >> 8,
                count,
                0xf8);
    }

    /** READ CAPACITY: blocks of the medium; 0 when the command fails. */
    public long blocks() {
        final byte[] data = packet(0x25);
        return ok() ? 1 + number(data, 0, 4) : 0;
    }

    /** READ TOC/PMA/ATIP. */
    public byte[] toc(final int format, final boolean minutes, final int track) {
        return packet(0x43, minutes ? 2 : 0, format, 0, 0, 0, track, 0x03, 0x24);
    }

    /** GET CONFIGURATION: features from a number on. */
    public byte[] configuration(final int first) {
        return packet(0x46, 0, first >> 8, first, 0, 0, 0, 0x04, 0);
    }

    /** The current profile, by GET CONFIGURATION. */
    public int profile() {
        final byte[] data = configuration(0);
        return ok() ? (int) number(data, 6, 2) : 0;
    }

    /** GET EVENT STATUS NOTIFICATION about media, polled. */
    public MediaEvent event() {
        return MediaEvent.of(packet(0x4a, 1, 0, 0, 1 << 4, 0, 0, 0, 8));
    }

    /** START STOP UNIT with LoEj: opens the tray. */
    public boolean eject() {
        packet(0x1b, 0, 0, 0, 2);
        return ok();
    }

    /** START STOP UNIT with LoEj and Start: closes the tray. */
    public boolean load() {
        packet(0x1b, 0, 0, 0, 3);
        return ok();
    }

    /** PREVENT ALLOW MEDIUM REMOVAL. */
    public boolean prevent(final boolean prevent, final boolean persistent) {
        packet(0x1e, 0, 0, 0, (prevent ? 1 : 0) | (persistent ? 2 : 0));
        return ok();
    }

    /** MODE SENSE(10): current values of a page. */
    public byte[] modeSense(final int page) {
        return packet(0x5a, 0, page, 0, 0, 0, 0, 0x01, 0);
    }

    /** MODE SELECT(10) with a page. */
    public boolean modeSelect(final byte[] page) {
        final byte[] list = new byte[8 + page.length];
        System.arraycopy(page, 0, list, 8, page.length);
        channel.beginPacketOut(unit, cdb(0x55, 0x10, 0, 0, 0, 0, 0, list.length >> 8, list.length), list);
        channel.finish();
        return ok();
    }

    /** A number in big-endian bytes. */
    static long number(final byte[] data, final int from, final int bytes) {
        long value = 0;
        for (final byte part : Arrays.copyOfRange(data, from, from + bytes)) {
            value = value << 8 | (part & 0xff);
        }
        return value;
    }
}
