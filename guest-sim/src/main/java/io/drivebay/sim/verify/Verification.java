package io.drivebay.sim.verify;

import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What is known of the media of one drive: for each unit of a range the generations that a read may return. Shared by
 * the jobs of a workload, and by several workloads one after the other.
 *
 * <p>Media are told apart by ids. Swapping them goes through {@link #timeline()}; a medium must have been added before.
 * Threads: the jobs' (each on its own part of the range), and one that swaps.
 */
public final class Verification {
    /** How many mismatches are described for each job; all are counted. */
    public static final int MAX_EXAMPLES = 8;

    /** Initial generation of a medium of which nothing is known. */
    public static final int UNKNOWN = MediumTable.UNKNOWN;

    private static final long MAX_UNITS = 1L << 28;

    private final int unitBytes;
    private final long seed;
    private final long rangeStart;
    private final int units;
    private final MediumTimeline timeline;
    private final CopyOnWriteArrayList<MediumTable> tables = new CopyOnWriteArrayList<>();

    /**
     * Knowledge of a range; add the first medium next.
     *
     * @param stamp what the units look like
     * @param rangeStart first byte, a multiple of the unit
     * @param rangeBytes length in bytes, a multiple of the unit
     * @param timeline the drive's media
     */
    public Verification(
            final BlockStamp stamp, final long rangeStart, final long rangeBytes, final MediumTimeline timeline) {
        this.unitBytes = stamp.unitBytes();
        this.seed = stamp.seed();
        if (rangeStart < 0 || rangeBytes <= 0 || rangeStart % unitBytes != 0 || rangeBytes % unitBytes != 0) {
            throw new IllegalArgumentException("range of " + rangeBytes + " bytes from " + rangeStart
                    + " on does not consist of units of " + unitBytes + " bytes");
        }
        if (rangeBytes / unitBytes > MAX_UNITS) {
            throw new IllegalArgumentException("cannot keep track of " + rangeBytes / unitBytes
                    + " units; verify a smaller range or use larger blocks");
        }
        this.rangeStart = rangeStart;
        this.units = (int) (rangeBytes / unitBytes);
        this.timeline = timeline;
    }

    /** Knowledge of a range of a single medium that nobody has stamped yet. */
    public static Verification ofFreshMedium(final BlockStamp stamp, final long rangeStart, final long rangeBytes) {
        return new Verification(stamp, rangeStart, rangeBytes, new MediumTimeline(1)).addMedium(1, UNKNOWN);
    }

    /**
     * Makes a medium known. A control thread.
     *
     * @param generation what every unit of the range holds, as {@link BlockStamp#writeAll} wrote it; or {@link #UNKNOWN}
     */
    public Verification addMedium(final long mediumId, final int generation) {
        if (generation < 0) {
            throw new IllegalArgumentException("generation=" + generation);
        }
        tables.add(new MediumTable(mediumId, units, generation));
        return this;
    }

    public MediumTimeline timeline() {
        return timeline;
    }

    public int unitBytes() {
        return unitBytes;
    }

    public long rangeStart() {
        return rangeStart;
    }

    public long rangeBytes() {
        return (long) units * unitBytes;
    }

    /** The eyes of one job, for requests in a number of slots. */
    public JobVerifier job(final int slots, final int maxRequestBytes) {
        return new JobVerifier(this, new BlockStamp(unitBytes, seed), slots, maxRequestBytes / unitBytes);
    }

    int unit(final long address) {
        return (int) ((address - rangeStart) / unitBytes);
    }

    /** The table of a medium. */
    MediumTable table(final long mediumId) {
        for (int i = 0; i < tables.size(); i++) {
            if (tables.get(i).mediumId() == mediumId) {
                return tables.get(i);
            }
        }
        throw new IllegalStateException("medium " + mediumId + " is in the drive but was never made known");
    }

    /** True when a medium has a table. */
    boolean knows(final long mediumId) {
        return tables.stream().anyMatch(table -> table.mediumId() == mediumId);
    }
}
