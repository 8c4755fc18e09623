package io.drivebay.sim.verify;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.SeededRandom;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Writes and checks the units that a verified medium consists of. Each unit says where it belongs:
 *
 * <pre>
 *   0         8          16            20         24          32      40
 *   +---------+----------+-------------+----------+-----------+-------+------------------+
 *   | magic   | address  | generation  | checksum | medium id | seed  | filler ... unit  |
 *   +---------+----------+-------------+----------+-----------+-------+------------------+
 * </pre>
 *
 * <p>Little-endian; the address is in bytes on the medium; the checksum is the CRC32C of all other bytes; the filler
 * follows from the rest of the header. Allocates nothing per unit; one thread only.
 */
public final class BlockStamp {
    /** Smallest unit in bytes. */
    public static final int MIN_UNIT_BYTES = 512;

    /** Largest unit in bytes. */
    public static final int MAX_UNIT_BYTES = 1 << 20;

    /** No medium's id. */
    public static final long FOREIGN = -1;

    private static final long MAGIC = 0x314b4c4259414244L; // "DBAYBLK1"
    private static final int ADDRESS = 8;
    private static final int GENERATION = 16;
    private static final int CHECKSUM = 20;
    private static final int MEDIUM_ID = 24;
    private static final int SEED = 32;
    private static final int FILLER = 40;

    private final int unitBytes;
    private final long seed;
    private final CRC32C crc = new CRC32C();
    private @Nullable MemoryRegion viewed;
    private ByteBuffer view = ByteBuffer.allocate(0);

    /**
     * Stamps of one kind of medium.
     *
     * @param unitBytes size of a unit: a power of two, 512 to 1 MiB
     * @param seed part of every stamp, so that data of another run is told from this one's
     */
    public BlockStamp(final int unitBytes, final long seed) {
        if (unitBytes < MIN_UNIT_BYTES || unitBytes > MAX_UNIT_BYTES || Integer.bitCount(unitBytes) != 1) {
            throw new IllegalArgumentException("unitBytes=" + unitBytes + " is no power of two from 512 to 1 MiB");
        }
        this.unitBytes = unitBytes;
        this.seed = seed;
    }

    public int unitBytes() {
        return unitBytes;
    }

    public long seed() {
        return seed;
    }

    /** Fills a unit of memory. */
    public void write(
            final MemoryRegion region, final int at, final long address, final int generation, final long mediumId) {
        region.putLong(at, MAGIC);
        region.putLong(at + ADDRESS, address);
        region.putInt(at + GENERATION, generation);
        region.putLong(at + MEDIUM_ID, mediumId);
        region.putLong(at + SEED, seed);
        long word = SeededRandom.mix(seed ^ address ^ mediumId ^ ((long) generation << 40)) | 1;
        for (int i = FILLER; i < unitBytes; i += Long.BYTES) {
            region.putLong(at + i, word);
            word ^= word << 13;
            word ^= word >>> 7;
            word ^= word << 17;
        }
        region.putInt(at + CHECKSUM, checksum(region, at));
    }

    /**
     * Fills memory that is to become a stretch of a fresh medium: every unit of the same generation.
     *
     * @param length in bytes; a multiple of the unit, as is the address
     */
    public void writeAll(
            final MemoryRegion region,
            final int length,
            final long address,
            final int generation,
            final long mediumId) {
        if (length % unitBytes != 0 || address % unitBytes != 0) {
            throw new IllegalArgumentException(
                    "length=" + length + " and address=" + address + " must be multiples of the unit, " + unitBytes);
        }
        for (int at = 0; at < length; at += unitBytes) {
            write(region, at, address + at, generation, mediumId);
        }
    }

    /** True when a unit of memory is whole: magic, seed and checksum are right. */
    boolean intact(final MemoryRegion region, final int at) {
        return stamped(region, at) && seed(region, at) == seed && checksumRight(region, at);
    }

    /** The medium that a whole unit of memory was read from at an address; {@link #FOREIGN} when it is not so stamped. */
    public long origin(final MemoryRegion region, final int at, final long address) {
        return intact(region, at) && address(region, at) == address ? mediumId(region, at) : FOREIGN;
    }

    static boolean stamped(final MemoryRegion region, final int at) {
        return region.getLong(at) == MAGIC;
    }

    boolean checksumRight(final MemoryRegion region, final int at) {
        return region.getInt(at + CHECKSUM) == checksum(region, at);
    }

    static long address(final MemoryRegion region, final int at) {
        return region.getLong(at + ADDRESS);
    }

    static int generation(final MemoryRegion region, final int at) {
        return region.getInt(at + GENERATION);
    }

    static long mediumId(final MemoryRegion region, final int at) {
        return region.getLong(at + MEDIUM_ID);
    }

    static long seed(final MemoryRegion region, final int at) {
        return region.getLong(at + SEED);
    }

    private int checksum(final MemoryRegion region, final int at) {
        if (region != viewed) {
            view = region.buffer().duplicate();
            viewed = region;
        }
        crc.reset();
        crc.update(view.limit(at + CHECKSUM).position(at));
        crc.update(view.limit(at + unitBytes).position(at + MEDIUM_ID));
        return (int) crc.getValue();
    }
}
