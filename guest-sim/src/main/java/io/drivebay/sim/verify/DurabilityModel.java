package io.drivebay.sim.verify;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.verify.Mismatch.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What of a medium must survive a power cut: of each unit the generation that was durable last, or any later one.
 *
 * <p>A write is durable when it completed before a flush began that has succeeded, or when it was durable by itself (FUA,
 * or no write cache). A unit must be as small as what the medium never tears. No two writes overlap in time and place.
 * One thread only.
 */
public final class DurabilityModel {
    private final BlockStamp stamp;
    private final int unitBytes;
    private final long mediumId;
    private final int[] begun;
    private final int[] completed;
    private final int[] durable;

    /** A medium whose units all hold one generation, durably, as {@link BlockStamp#writeAll} wrote it. */
    public DurabilityModel(final BlockStamp stamp, final int bytes, final long mediumId, final int generation) {
        this.stamp = stamp;
        this.unitBytes = stamp.unitBytes();
        this.mediumId = mediumId;
        this.begun = new int[bytes / unitBytes];
        Arrays.fill(begun, generation);
        this.completed = begun.clone();
        this.durable = begun.clone();
    }

    /** A write is about to be submitted: stamps its memory with the next generation. */
    public void beginWrite(final MemoryRegion memory, final int at, final long address, final int length) {
        for (int skip = 0; skip < length; skip += unitBytes) {
            final int unit = (int) ((address + skip) / unitBytes);
            begun[unit]++;
            stamp.write(memory, at + skip, address + skip, begun[unit], mediumId);
        }
    }

    /**
     * A write has ended.
     *
     * @param stable whether success meant that it is durable
     */
    public void endWrite(final long address, final int length, final boolean succeeded, final boolean stable) {
        final int end = (int) ((address + length) / unitBytes);
        for (int unit = (int) (address / unitBytes); unit < end && succeeded; unit++) {
            completed[unit] = begun[unit];
            if (stable) {
                durable[unit] = begun[unit];
            }
        }
    }

    /** A flush is about to be submitted: what it has to make durable. */
    public int[] beginFlush() {
        return completed.clone();
    }

    /** A flush has succeeded. */
    public void endFlush(final int[] covered) {
        Arrays.setAll(durable, unit -> Math.max(durable[unit], covered[unit]));
    }

    /** How many units have changed durably since the beginning. */
    public long durableUnits(final int generation) {
        return Arrays.stream(durable).filter(held -> held > generation).count();
    }

    /** Compares what is left of the medium, from index 0 of a region on, with what has to be. */
    public List<Mismatch> check(final MemoryRegion content) {
        final List<Mismatch> found = new ArrayList<>();
        for (int unit = 0; unit < durable.length; unit++) {
            final int at = unit * unitBytes;
            final int generation = BlockStamp.generation(content, at);
            if (!stamp.intact(content, at)) {
                found.add(new Mismatch(Kind.CHECKSUM, at, "torn or overwritten"));
            } else if (BlockStamp.address(content, at) != at || BlockStamp.mediumId(content, at) != mediumId) {
                found.add(new Mismatch(
                        Kind.WRONG_ADDRESS,
                        at,
                        "holds address " + BlockStamp.address(content, at) + " of medium "
                                + BlockStamp.mediumId(content, at)));
            } else if (generation < durable[unit] || generation > begun[unit]) {
                found.add(new Mismatch(
                        Kind.WRONG_GENERATION,
                        at,
                        "holds generation " + generation + "; " + durable[unit] + " was durable, " + begun[unit]
                                + " was written last"));
            }
        }
        return found;
    }
}
