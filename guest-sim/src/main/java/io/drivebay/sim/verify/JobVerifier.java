package io.drivebay.sim.verify;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.verify.Mismatch.Kind;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The verification of one job's requests. Stamps what is written, remembers what a read may return, and looks at what it
 * did return. One thread only, the job's; allocates nothing unless something is wrong.
 *
 * <p>No two writes of a job overlap in time and place: {@link #mayWrite} says when one has to wait. A read may overlap
 * writes: it may return what was there before or after any of them, or bytes of both, as a page cache does; nothing is
 * said then of what it has returned. A unit whose write failed, or which was written
 * during a swap, is unknown until it is written again.
 */
public final class JobVerifier {
    private final Verification verification;
    private final MediumTimeline timeline;
    private final BlockStamp stamp;
    private final int unitBytes;
    private final BitSet beingWritten = new BitSet();
    private int timesForgotten;

    /* Of the request in each slot: epoch and times forgotten at submission, and each unit's certain generation then. */
    private final int[] epochs;
    private final int[] forgottenBefore;
    private final int[][] floors;

    /* The read that is being looked at. */
    private MemoryRegion region;
    private int fromEpoch;
    private int toEpoch;

    private final List<Mismatch> examples = new ArrayList<>();
    private long verified;
    private long unknown;
    private long mismatches;

    JobVerifier(final Verification verification, final BlockStamp stamp, final int slots, final int unitsPerSlot) {
        this.verification = verification;
        this.timeline = verification.timeline();
        this.stamp = stamp;
        this.unitBytes = stamp.unitBytes();
        this.epochs = new int[slots];
        this.forgottenBefore = new int[slots];
        this.floors = new int[slots][unitsPerSlot];
        this.region = MemoryRegion.allocate(0);
    }

    // ---- writes ----

    /** True when no write is in flight anywhere in a range. */
    public boolean mayWrite(final long address, final int length) {
        final int first = verification.unit(address);
        for (int i = first; i < first + length / unitBytes; i++) {
            if (beingWritten.get(i)) {
                return false;
            }
        }
        return true;
    }

    /** A write is about to be submitted: stamps its memory, from an index of a region on. */
    public void beginWrite(
            final int slot, final MemoryRegion memory, final int at, final long address, final int length) {
        final int epoch = timeline.epoch();
        epochs[slot] = epoch;
        final MediumTable table = verification.table(timeline.medium(epoch));
        final int first = verification.unit(address);
        final int count = length / unitBytes;
        beingWritten.set(first, first + count);
        for (int i = 0; i < count; i++) {
            final int skip = i * unitBytes;
            stamp.write(memory, at + skip, address + skip, table.begin(first + i), table.mediumId());
        }
    }

    /** A write has ended. */
    public void endWrite(final int slot, final long address, final int length, final boolean succeeded) {
        final int from = epochs[slot];
        final int to = timeline.epoch();
        final int first = verification.unit(address);
        final int end = first + length / unitBytes;
        beingWritten.clear(first, end);
        if (succeeded && MediumTimeline.certain(from, to)) {
            verification.table(timeline.medium(from)).settle(first, end);
            return;
        }
        timesForgotten++;
        for (int epoch = from; epoch <= to + 1; epoch++) {
            verification.table(timeline.medium(epoch)).forget(first, end);
        }
    }

    // ---- reads ----

    /** A read is about to be submitted: remembers what is certain now. */
    public void beginRead(final int slot, final long address, final int length) {
        final int epoch = timeline.epoch();
        epochs[slot] = epoch;
        forgottenBefore[slot] = timesForgotten;
        final MediumTable table = verification.table(timeline.medium(epoch));
        final int first = verification.unit(address);
        final int[] floor = floors[slot];
        for (int i = 0; i < length / unitBytes; i++) {
            floor[i] = table.certain(first + i);
        }
    }

    /** A read has succeeded: looks at what it returned, from an index of a region on. */
    public void endRead(final int slot, final MemoryRegion memory, final int at, final long address, final int length) {
        region = memory;
        fromEpoch = epochs[slot];
        toEpoch = timeline.epoch();
        final int count = length / unitBytes;
        if (forgottenBefore[slot] != timesForgotten) {
            unknown += count;
            return;
        }
        for (int i = 0; i < count; i++) {
            final int skip = i * unitBytes;
            check(floors[slot][i], at + skip, address + skip);
        }
    }

    private void check(final int floor, final int at, final long address) {
        final int unit = verification.unit(address);
        if (floor == MediumTable.UNKNOWN || unknownSomewhere(unit) || torn(unit, floor, at)) {
            unknown++;
            return;
        }
        verified++;
        if (!stamp.intact(region, at)) {
            reportBroken(at, address);
        } else if (BlockStamp.address(region, at) != address) {
            report(Kind.WRONG_ADDRESS, address, "holds the unit of address " + BlockStamp.address(region, at));
        } else if (!timeline.mayBe(BlockStamp.mediumId(region, at), fromEpoch, toEpoch)) {
            checkForeign(unit, at, address);
        } else {
            checkGeneration(unit, floor, at, address);
        }
    }

    private boolean unknownSomewhere(final int unit) {
        for (int epoch = fromEpoch; epoch <= toEpoch + 1; epoch++) {
            if (verification.table(timeline.medium(epoch)).certain(unit) == MediumTable.UNKNOWN) {
                return true;
            }
        }
        return false;
    }

    /** True for a unit of which some bytes may have been written during the read and others not. */
    private boolean torn(final int unit, final int floor, final int at) {
        return writtenMeanwhile(unit, floor) && BlockStamp.stamped(region, at) && !stamp.checksumRight(region, at);
    }

    private boolean writtenMeanwhile(final int unit, final int floor) {
        if (verification.table(timeline.medium(fromEpoch)).possible(unit) != floor) {
            return true;
        }
        for (int epoch = fromEpoch + 1; epoch <= toEpoch + 1; epoch++) {
            final MediumTable table = verification.table(timeline.medium(epoch));
            if (table.possible(unit) != table.certain(unit)) {
                return true;
            }
        }
        return false;
    }

    private void checkGeneration(final int unit, final int floor, final int at, final long address) {
        final long mediumId = BlockStamp.mediumId(region, at);
        final int generation = BlockStamp.generation(region, at);
        final int least = mediumId == timeline.medium(fromEpoch) ? floor : 1;
        final int most = verification.table(mediumId).possible(unit);
        if (generation < least || generation > most) {
            report(
                    Kind.WRONG_GENERATION,
                    address,
                    "holds generation " + generation + " instead of " + least + " to " + most);
        }
    }

    /** A unit stamped for a medium that was not there: right only when a write to it met a swap on its way. */
    private void checkForeign(final int unit, final int at, final long address) {
        final long mediumId = BlockStamp.mediumId(region, at);
        if (verification.knows(mediumId)) {
            final int certain = verification.table(mediumId).certain(unit);
            if (certain == MediumTable.UNKNOWN || BlockStamp.generation(region, at) > certain) {
                return;
            }
        }
        report(
                Kind.WRONG_MEDIUM,
                address,
                "holds data of medium " + mediumId + "; from submission to completion the drive held medium "
                        + timeline.medium(fromEpoch)
                        + (MediumTimeline.certain(fromEpoch, toEpoch)
                                ? ""
                                : " and then " + timeline.medium(toEpoch + 1)));
    }

    private void reportBroken(final int at, final long address) {
        if (!BlockStamp.stamped(region, at)) {
            report(
                    Kind.NOT_STAMPED,
                    address,
                    "begins with 0x" + Long.toHexString(region.getLong(at)) + " instead of the magic number");
        } else if (!stamp.checksumRight(region, at)) {
            report(
                    Kind.CHECKSUM,
                    address,
                    "stamped as address " + BlockStamp.address(region, at) + ", generation "
                            + BlockStamp.generation(region, at) + ", but the checksum is wrong");
        } else {
            report(
                    Kind.WRONG_SEED,
                    address,
                    "written by a run with seed " + BlockStamp.seed(region, at) + " instead of " + stamp.seed());
        }
    }

    private void report(final Kind kind, final long address, final String detail) {
        mismatches++;
        if (examples.size() < Verification.MAX_EXAMPLES) {
            examples.add(new Mismatch(kind, address, detail));
        }
    }

    /** What has been found so far. */
    public VerificationReport report() {
        return new VerificationReport(verified, unknown, mismatches, List.copyOf(examples));
    }
}
