package io.drivebay.sim.verify;

import java.util.Arrays;

/**
 * What each unit of one medium may hold: any generation from the last one that is surely there to the last one that may
 * be there.
 *
 * <p>Jobs have disjoint ranges, so each unit has one writing thread at a time; hand-over between runs is by the threads'
 * start and end.
 */
final class MediumTable {
    /** The certain generation of a unit of which nothing is known: content from before, or a write that failed midway. */
    static final int UNKNOWN = 0;

    private final long mediumId;
    private final int[] certain;
    private final int[] possible;

    /** A medium whose units all hold one generation; {@link #UNKNOWN} when nobody knows. */
    MediumTable(final long mediumId, final int units, final int generation) {
        this.mediumId = mediumId;
        this.certain = new int[units];
        this.possible = new int[units];
        Arrays.fill(certain, generation);
        Arrays.fill(possible, generation);
    }

    long mediumId() {
        return mediumId;
    }

    int certain(final int unit) {
        return certain[unit];
    }

    int possible(final int unit) {
        return possible[unit];
    }

    /** A write begins: from now on its generation may be there. */
    int begin(final int unit) {
        return ++possible[unit];
    }

    /** The latest write of units [first, end) has ended and is there. */
    void settle(final int first, final int end) {
        System.arraycopy(possible, first, certain, first, end - first);
    }

    /** What units [first, end) hold is no longer known. */
    void forget(final int first, final int end) {
        Arrays.fill(certain, first, end, UNKNOWN);
    }
}
