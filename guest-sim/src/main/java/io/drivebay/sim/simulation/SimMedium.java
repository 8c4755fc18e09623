package io.drivebay.sim.simulation;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import io.drivebay.sim.SeededRandom;
import java.util.BitSet;

/**
 * What a simulated disk holds: the present content, and what of it would survive a power cut. A sector that was written
 * and not flushed may or may not survive; a sector is never torn in itself. One thread only.
 */
public final class SimMedium {
    /** The unit that is written whole or not at all, in bytes. */
    public static final int SECTOR_BYTES = 512;

    private final MemoryRegion present;
    private final MemoryRegion durable;
    private final BitSet volatileSectors = new BitSet();
    private final BitSet badSectors = new BitSet();

    /** A medium of zeros. */
    public SimMedium(final int bytes) {
        if (bytes < SECTOR_BYTES || bytes % SECTOR_BYTES != 0) {
            throw new IllegalArgumentException("a medium of " + bytes + " bytes does not consist of sectors");
        }
        present = MemoryRegion.allocate(bytes);
        durable = MemoryRegion.allocate(bytes);
    }

    public int bytes() {
        return present.size();
    }

    /** What a read would return. After writing to it directly, call {@link #flush}. */
    public MemoryRegion content() {
        return present;
    }

    /** Makes a sector one that cannot be read. */
    public void damage(final int sector) {
        badSectors.set(sector);
    }

    /** True when a range has a sector that cannot be read. */
    boolean damaged(final int offset, final int length) {
        final int next = badSectors.nextSetBit(offset / SECTOR_BYTES);
        return next >= 0 && next < (offset + length) / SECTOR_BYTES;
    }

    void read(final int offset, final IoVector target) {
        target.copyFrom(0, present, offset, (int) target.bytes());
    }

    /** Writes a vector. */
    void write(final int offset, final IoVector source) {
        source.copyTo(0, present, offset, (int) source.bytes());
        touch(offset, (int) source.bytes());
    }

    /** Writes some sectors of a vector, each or not by chance. */
    void writeSome(final int offset, final IoVector source, final SeededRandom random) {
        for (int at = 0; at < source.bytes(); at += SECTOR_BYTES) {
            if (random.percent(50)) {
                source.copyTo(at, present, offset + at, SECTOR_BYTES);
                touch(offset + at, SECTOR_BYTES);
            }
        }
    }

    void zero(final int offset, final int length) {
        present.fill(offset, length, (byte) 0);
        touch(offset, length);
    }

    private void touch(final int offset, final int length) {
        volatileSectors.set(offset / SECTOR_BYTES, (offset + length) / SECTOR_BYTES);
    }

    /** Makes everything durable. */
    public void flush() {
        durable.copyFrom(0, present, 0, bytes());
        volatileSectors.clear();
    }

    /** Makes a range durable. */
    void flush(final int offset, final int length) {
        final int end = (offset + length) / SECTOR_BYTES;
        for (int i = volatileSectors.nextSetBit(offset / SECTOR_BYTES);
                i >= 0 && i < end;
                i = volatileSectors.nextSetBit(i + 1)) {
            keep(i);
        }
    }

    private void keep(final int sector) {
        durable.copyFrom(sector * SECTOR_BYTES, present, sector * SECTOR_BYTES, SECTOR_BYTES);
        volatileSectors.clear(sector);
    }

    /** A drive may write its cache back whenever it likes: makes some sectors durable by chance. */
    void writeBackSome(final SeededRandom random) {
        for (int i = volatileSectors.nextSetBit(0); i >= 0; i = volatileSectors.nextSetBit(i + 1)) {
            if (random.percent(20)) {
                keep(i);
            }
        }
    }

    /** The power fails: of what is not durable, some survives by chance and the rest is as it was before. */
    void cutPower(final SeededRandom random) {
        for (int i = volatileSectors.nextSetBit(0); i >= 0; i = volatileSectors.nextSetBit(i + 1)) {
            if (random.percent(50)) {
                durable.copyFrom(i * SECTOR_BYTES, present, i * SECTOR_BYTES, SECTOR_BYTES);
            }
        }
        present.copyFrom(0, durable, 0, bytes());
        volatileSectors.clear();
    }
}
