package io.drivebay.sim.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.verify.Mismatch.Kind;
import org.junit.jupiter.api.Test;

final class JobVerifierTest {
    private static final int UNIT = 512;
    private static final int BYTES = 64 * UNIT;
    private static final int READ_SLOT = 0;
    private static final int WRITE_SLOT = 1;

    private final BlockStamp stamp = new BlockStamp(UNIT, 42);
    private final MediumTimeline timeline = new MediumTimeline(1);
    private final Verification knowledge =
            new Verification(stamp, 0, BYTES, timeline).addMedium(1, 5).addMedium(2, 5);
    private final JobVerifier eyes = knowledge.job(2, 4096);
    private final MemoryRegion memory = MemoryRegion.allocate(8192);

    /** A read of one unit at an address that returns a certain stamp. */
    private void read(final long address, final int generation, final long mediumId) {
        eyes.beginRead(READ_SLOT, address, UNIT);
        stamp.write(memory, 0, address, generation, mediumId);
        eyes.endRead(READ_SLOT, memory, 0, address, UNIT);
    }

    private void beginWrite(final long address) {
        eyes.beginWrite(WRITE_SLOT, memory, 4096, address, UNIT);
    }

    private void endWrite(final long address, final boolean succeeded) {
        eyes.endWrite(WRITE_SLOT, address, UNIT, succeeded);
    }

    private void assertOnlyMismatch(final Kind kind) {
        assertEquals(1, eyes.report().mismatches(), () -> eyes.report().toString());
        assertEquals(kind, eyes.report().examples().get(0).kind());
    }

    private void assertFine(final int verified, final int unknown) {
        assertEquals(new VerificationReport(verified, unknown, 0, eyes.report().examples()), eyes.report());
    }

    @Test
    void whatWasThereFromTheStartIsRight() {
        read(1024, 5, 1);

        assertFine(1, 0);
    }

    @Test
    void aUnitWithoutAStampIsFound() {
        eyes.beginRead(READ_SLOT, 0, UNIT);
        eyes.endRead(READ_SLOT, memory, 0, 0, UNIT);

        assertOnlyMismatch(Kind.NOT_STAMPED);
    }

    @Test
    void aFlippedBitIsFound() {
        eyes.beginRead(READ_SLOT, 0, UNIT);
        stamp.write(memory, 0, 0, 5, 1);
        memory.putByte(300, (byte) (memory.getByte(300) ^ 1));
        eyes.endRead(READ_SLOT, memory, 0, 0, UNIT);

        assertOnlyMismatch(Kind.CHECKSUM);
    }

    @Test
    void aUnitOfAnotherRunIsFound() {
        eyes.beginRead(READ_SLOT, 0, UNIT);
        new BlockStamp(UNIT, 43).write(memory, 0, 0, 5, 1);
        eyes.endRead(READ_SLOT, memory, 0, 0, UNIT);

        assertOnlyMismatch(Kind.WRONG_SEED);
    }

    @Test
    void aUnitOfAnotherPlaceIsFound() {
        eyes.beginRead(READ_SLOT, 512, UNIT);
        stamp.write(memory, 0, 1024, 5, 1);
        eyes.endRead(READ_SLOT, memory, 0, 512, UNIT);

        assertOnlyMismatch(Kind.WRONG_ADDRESS);
    }

    @Test
    void aLostWriteIsFound() {
        beginWrite(512);
        endWrite(512, true);

        read(512, 5, 1);

        assertOnlyMismatch(Kind.WRONG_GENERATION);
    }

    @Test
    void aUnitFromTheFutureIsFound() {
        read(512, 6, 1);

        assertOnlyMismatch(Kind.WRONG_GENERATION);
    }

    @Test
    void aReadBesideAWriteMayReturnEither() {
        beginWrite(512);
        read(512, 5, 1);
        read(512, 6, 1);
        endWrite(512, true);
        read(512, 6, 1);

        assertFine(3, 0);
    }

    /** A read of one unit at 512 that returns the head of generation 6 and the rest of generation 5. */
    private void readTorn(final Runnable meanwhile) {
        eyes.beginRead(READ_SLOT, 512, UNIT);
        meanwhile.run();
        stamp.write(memory, 0, 512, 5, 1);
        stamp.write(memory, 1024, 512, 6, 1);
        memory.copyFrom(0, memory, 1024, 24);
        eyes.endRead(READ_SLOT, memory, 0, 512, UNIT);
    }

    @Test
    void aReadBesideAWriteMayReturnBytesOfBoth() {
        beginWrite(512);
        readTorn(() -> {});
        readTorn(() -> endWrite(512, true));

        assertFine(0, 2);
    }

    @Test
    void aReadThatBeganBeforeAWriteMayReturnBytesOfBothAfterIt() {
        readTorn(() -> {
            beginWrite(512);
            endWrite(512, true);
        });

        assertFine(0, 1);
    }

    @Test
    void aReadAfterAWriteMustNotReturnBytesOfBoth() {
        beginWrite(512);
        endWrite(512, true);
        readTorn(() -> {});

        assertOnlyMismatch(Kind.CHECKSUM);
    }

    @Test
    void aReadThatBeganBeforeAWriteMayReturnEitherAfterIt() {
        eyes.beginRead(READ_SLOT, 512, UNIT);
        beginWrite(512);
        endWrite(512, true);
        stamp.write(memory, 0, 512, 5, 1);
        eyes.endRead(READ_SLOT, memory, 0, 512, UNIT);

        assertFine(1, 0);
    }

    @Test
    void noSecondWriteMayBeginWhereOneIsInFlight() {
        beginWrite(1024);

        assertFalse(eyes.mayWrite(0, 4096));
        assertTrue(eyes.mayWrite(0, 1024));
        endWrite(1024, true);
        assertTrue(eyes.mayWrite(0, 4096));
    }

    @Test
    void afterAFailedWriteAUnitIsUnknownUntilWrittenAgain() {
        beginWrite(512);
        endWrite(512, false);
        read(512, 5, 1);
        beginWrite(512);
        endWrite(512, true);
        read(512, 7, 1);

        assertFine(1, 1);
    }

    @Test
    void beforeASwapTheNewMediumIsWrong() {
        read(0, 5, 2);

        assertOnlyMismatch(Kind.WRONG_MEDIUM);
    }

    @Test
    void afterASwapTheOldMediumIsWrong() {
        timeline.swapBegins(2);
        timeline.swapEnded();

        read(0, 5, 1);

        assertOnlyMismatch(Kind.WRONG_MEDIUM);
    }

    @Test
    void duringASwapBothMediaAreRight() {
        timeline.swapBegins(2);
        read(0, 5, 1);
        read(0, 5, 2);
        timeline.swapEnded();
        read(0, 5, 2);

        assertFine(3, 0);
    }

    @Test
    void aReadThatOutlastsASwapMayReturnEither() {
        eyes.beginRead(READ_SLOT, 0, UNIT);
        timeline.swapBegins(2);
        timeline.swapEnded();
        stamp.write(memory, 0, 0, 5, 1);
        eyes.endRead(READ_SLOT, memory, 0, 0, UNIT);

        assertFine(1, 0);
    }

    @Test
    void afterAFailedSwapOnlyTheOldMediumIsRight() {
        timeline.swapBegins(2);
        timeline.swapFailed();
        read(0, 5, 1);
        read(512, 5, 2);

        assertEquals(2, eyes.report().unitsVerified());
        assertOnlyMismatch(Kind.WRONG_MEDIUM);
    }

    @Test
    void aWriteThatMetASwapMayStandOnTheNewMedium() {
        beginWrite(512);
        timeline.swapBegins(2);
        timeline.swapEnded();
        read(512, 6, 1);
        endWrite(512, true);
        read(512, 6, 1);

        assertFine(1, 1);
    }

    @Test
    void writesOfDifferentMediaAreKeptApart() {
        beginWrite(512);
        endWrite(512, true);
        timeline.swapBegins(2);
        timeline.swapEnded();
        read(512, 5, 2);
        timeline.swapBegins(1);
        timeline.swapEnded();
        read(512, 6, 1);

        assertFine(2, 0);
    }

    @Test
    void onlySoManyExamplesAreDescribed() {
        for (int i = 0; i < 20; i++) {
            read(512L * i, 4, 1);
        }

        assertEquals(20, eyes.report().mismatches());
        assertEquals(Verification.MAX_EXAMPLES, eyes.report().examples().size());
    }

    @Test
    void swapsThatDoNotPairAreRefused() {
        assertThrows(IllegalStateException.class, timeline::swapEnded);
        timeline.swapBegins(2);
        assertThrows(IllegalStateException.class, () -> timeline.swapBegins(1));
    }

    @Test
    void rangesThatDoNotConsistOfUnitsAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Verification(stamp, 100, BYTES, timeline));
        assertThrows(IllegalArgumentException.class, () -> new BlockStamp(1000, 1));
        assertThrows(IllegalArgumentException.class, () -> stamp.writeAll(memory, 700, 0, 1, 1));
    }
}
