package io.drivebay.sim.ide;

import io.drivebay.sim.ide.AtaCommand.Protocol;
import java.nio.charset.StandardCharsets;

/**
 * A guest's driver for an ATA disk (ATA/ATAPI-6 section 8). Addresses and counts are in sectors of 512 bytes. Each method
 * runs a command to its end; {@link #result} tells what became of it.
 */
public final class AtaDriver {
    /** Bytes of a sector. */
    public static final int SECTOR = 512;

    /** Ways in which data moves, with their command codes: read, read extended, write, write extended. */
    public enum Mode {
        PIO(0x20, 0x24, 0x30, 0x34),
        MULTIPLE(0xc4, 0x29, 0xc5, 0x39),
        DMA(0xc8, 0x25, 0xca, 0x35);

        private final int read;
        private final int readExtended;
        private final int write;
        private final int writeExtended;

        Mode(final int read, final int readExtended, final int write, final int writeExtended) {
            this.read = read;
            this.readExtended = readExtended;
            this.write = write;
            this.writeExtended = writeExtended;
        }

        int code(final boolean writes, final boolean extended) {
            return extended ? (writes ? writeExtended : readExtended) : (writes ? write : read);
        }
    }

    /**
     * What a command came to.
     *
     * @param ok whether it ended without an error
     * @param error the error register
     * @param address the address in the registers: after an error the sector that failed
     */
    public record Result(boolean ok, int error, long address) {
        /** "ok", or the error's bits and the sector. */
        @Override
        public String toString() {
            return ok ? "ok" : String.format("error %02x@%d", error, address);
        }
    }

    private static final long SHORT_LIMIT = 1L << 28;
    private static final int SHORT_COUNT = 256;
    private static final int TRIM_ENTRY = 8;

    private final IdeDriver channel;
    private final int unit;
    private int multiple = 1;
    private boolean extended;

    /** A driver for a channel's first (0) or second (1) disk. */
    public AtaDriver(final IdeDriver channel, final int unit) {
        this.channel = channel;
        this.unit = unit;
    }

    /** What the last command came to. */
    public Result result() {
        final boolean ok = channel.ok();
        return new Result(ok, channel.error(), ok ? 0 : extended ? channel.longAddress() : channel.address());
    }

    // ---- data ----

    /** The command that reads or writes a range; extended when the range needs it. */
    public static AtaCommand transfer(final Mode mode, final boolean writes, final long lba, final int sectors) {
        final boolean extended = lba + sectors > SHORT_LIMIT || sectors > SHORT_COUNT;
        final Protocol protocol = mode == Mode.DMA
                ? writes ? Protocol.DMA_OUT : Protocol.DMA_IN
                : writes ? Protocol.PIO_OUT : Protocol.PIO_IN;
        final AtaCommand command =
                AtaCommand.of(mode.code(writes, extended), protocol).at(lba, sectors);
        return extended ? command.asExtended() : command;
    }

    /** Begins to read or write; what is read is the channel's {@link IdeDriver#data}. */
    public void begin(final Mode mode, final AtaCommand command, final int sectors, final byte[] source) {
        extended = command.extended();
        final int bytes = sectors * SECTOR;
        final int block = mode == Mode.MULTIPLE ? multiple : 1;
        switch (command.protocol()) {
            case PIO_IN -> channel.beginPioIn(unit, command, bytes, block);
            case PIO_OUT -> channel.beginPioOut(unit, command, source, block);
            case DMA_OUT -> {
                channel.fill(source);
                channel.beginDma(unit, command, bytes);
            }
            case DMA_IN -> channel.beginDma(unit, command, bytes);
            case NO_DATA, PACKET -> throw new IllegalArgumentException(command + " moves no sectors");
        }
    }

    /** Reads sectors: what has come, which is all of them unless the {@link #result} is an error. */
    public byte[] read(final Mode mode, final long lba, final int sectors) {
        begin(mode, transfer(mode, false, lba, sectors), sectors, new byte[0]);
        return channel.finish().data();
    }

    /** Writes sectors. */
    public Result write(final Mode mode, final long lba, final byte[] source) {
        final int sectors = source.length / SECTOR;
        begin(mode, transfer(mode, true, lba, sectors), sectors, source);
        channel.finish();
        return result();
    }

    // ---- commands without data ----

    private Result run(final AtaCommand command) {
        begin(command);
        channel.finish();
        return result();
    }

    private void begin(final AtaCommand command) {
        extended = command.extended();
        channel.begin(unit, command);
    }

    /** FLUSH CACHE. */
    public Result flush() {
        beginFlush();
        channel.finish();
        return result();
    }

    /** Begins FLUSH CACHE. */
    public void beginFlush() {
        begin(AtaCommand.of(0xe7, Protocol.NO_DATA));
    }

    /** READ VERIFY SECTORS. */
    public Result verify(final long lba, final int sectors) {
        return run(AtaCommand.of(0x40, Protocol.NO_DATA).at(lba, sectors));
    }

    /** SET FEATURES. */
    public Result setFeatures(final int subcommand, final int value) {
        return run(
                AtaCommand.of(0xef, Protocol.NO_DATA).withFeatures(subcommand).at(0, value));
    }

    /** SET MULTIPLE MODE: sectors a block. */
    public Result setMultiple(final int sectors) {
        final Result set = run(AtaCommand.of(0xc6, Protocol.NO_DATA).at(0, sectors));
        if (set.ok()) {
            multiple = Math.max(1, sectors);
        }
        return set;
    }

    /** SMART RETURN STATUS: true when the disk says that it is well. */
    public boolean smartHealthy() {
        final long key = 0xc24f00;
        run(AtaCommand.of(0xb0, Protocol.NO_DATA).withFeatures(0xd8).at(key, 0));
        run(AtaCommand.of(0xb0, Protocol.NO_DATA).withFeatures(0xda).at(key, 0));
        return channel.ok() && channel.register(AtaBits.LBA_MID) == 0x4f && channel.register(AtaBits.LBA_HIGH) == 0xc2;
    }

    // ---- commands with data of their own ----

    /** TRIM: a range of sectors becomes free. */
    public Result trim(final long lba, final int sectors) {
        beginTrim(lba, sectors);
        channel.finish();
        return result();
    }

    /** Begins TRIM. */
    public void beginTrim(final long lba, final int sectors) {
        final byte[] list = new byte[SECTOR];
        final long entry = (long) sectors << 48 | lba;
        for (int i = 0; i < TRIM_ENTRY; i++) {
            list[i] = (byte) (entry >> (8 * i));
        }
        extended = true;
        channel.fill(list);
        channel.beginDma(
                unit,
                AtaCommand.of(0x06, Protocol.DMA_OUT).withFeatures(1).at(0, 1).asExtended(),
                SECTOR);
    }

    /** IDENTIFY DEVICE: 256 words, or none when the command fails. */
    public int[] identify() {
        extended = false;
        channel.beginPioIn(unit, AtaCommand.of(0xec, Protocol.PIO_IN), SECTOR, 1);
        final byte[] bytes = channel.finish().data();
        final int[] words = new int[bytes.length / 2];
        for (int i = 0; i < words.length; i++) {
            words[i] = (bytes[2 * i] & 0xff) | (bytes[2 * i + 1] & 0xff) << 8;
        }
        return words;
    }

    /** Sectors that IDENTIFY tells of: by 48 bits where the disk has them. */
    public static long sectors(final int[] identity) {
        final boolean wide = (identity[83] & 1 << 10) != 0;
        return wide
                ? (long) identity[103] << 48 | (long) identity[102] << 32 | (long) identity[101] << 16 | identity[100]
                : (long) identity[61] << 16 | identity[60];
    }

    /** The model that IDENTIFY tells of. */
    public static String model(final int[] identity) {
        final byte[] name = new byte[40];
        for (int i = 0; i < 20; i++) {
            name[2 * i] = (byte) (identity[27 + i] >> 8);
            name[2 * i + 1] = (byte) identity[27 + i];
        }
        return new String(name, StandardCharsets.US_ASCII).trim();
    }
}
