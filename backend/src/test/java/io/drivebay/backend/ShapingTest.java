package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.NodeOptions.DetectZeroes;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a node makes of requests that its driver cannot take as they are. */
final class ShapingTest {
    private static final BlockLimits BLOCKS = BlockLimits.UNLIMITED.withAlignment(512);
    private static final BlockLimits NAIVE =
            BLOCKS.withFua(false).withZeroes(false).withDiscard(false);

    private final TestBench bench = new TestBench();
    private TestDriver driver = new TestDriver(TestBench.DISK_BYTES);

    private BlockBackend backend(final BlockLimits limits, final NodeOptions options) throws BlockException {
        driver = new TestDriver(TestBench.DISK_BYTES).limits(limits).fill(0x11);
        return bench.backendOn(bench.node("disk", driver, options));
    }

    private BlockBackend backend(final BlockLimits limits) throws BlockException {
        return backend(limits, NodeOptions.DEFAULTS);
    }

    private TestRequest write(final BlockBackend backend, final long offset, final int length, final int flags) {
        final TestRequest request = new TestRequest(Operation.WRITE, offset, length, flags).fill(0x22);
        request.submitTo(backend);
        bench.context.runUntilIdle();
        return request;
    }

    private TestRequest zeroes(final BlockBackend backend, final long offset, final long length, final int flags) {
        final TestRequest request = new TestRequest(Operation.WRITE_ZEROES, offset, length, flags);
        request.submitTo(backend);
        bench.context.runUntilIdle();
        return request;
    }

    private void assertBytes(final int from, final int to, final int value) {
        for (int i = from; i < to; i++) {
            assertEquals(value, driver.data()[i], "byte " + i);
        }
    }

    // ---- padding ----

    @Test
    void headAndTailInTheSameBlockTakeOneRead() throws BlockException {
        write(backend(BLOCKS), 600, 100, 0);

        assertEquals(List.of("READ 512+512", "WRITE 512+512"), driver.log);
        assertBytes(512, 600, 0x11);
        assertBytes(600, 700, 0x22);
        assertBytes(700, 1024, 0x11);
    }

    @Test
    void headAndTailInDifferentBlocksTakeTwoReadsAndTheMiddleNone() throws BlockException {
        write(backend(BLOCKS), 100, 2000, 0);

        assertEquals(List.of("READ 0+512", "READ 2048+512", "WRITE 0+2560"), driver.log);
        assertBytes(0, 100, 0x11);
        assertBytes(100, 2100, 0x22);
        assertBytes(2100, 2560, 0x11);
    }

    @Test
    void anAlignedEndIsNotRead() throws BlockException {
        final BlockBackend backend = backend(BLOCKS);

        write(backend, 512, 700, 0);
        write(backend, 2100, 460, 0);

        assertEquals(List.of("READ 1024+512", "WRITE 512+1024", "READ 2048+512", "WRITE 2048+512"), driver.log);
    }

    @Test
    void aFailingReadFailsTheWriteAndChangesNothing() throws BlockException {
        final BlockBackend backend = backend(BLOCKS);
        driver.failing(Status.IO_ERROR, request -> request.operation() == Operation.READ);

        final TestRequest write = write(backend, 100, 2000, 0);

        assertEquals(Status.IO_ERROR, write.status());
        assertEquals(List.of("READ 0+512"), driver.log);
        assertBytes(0, TestBench.DISK_BYTES, 0x11);
    }

    @Test
    void aMisalignedReadFetchesTheBlocksAroundItAndReturnsOnlyItsOwn() throws BlockException {
        final BlockBackend backend = backend(BLOCKS);
        driver.data()[600] = 0x33;

        final TestRequest read = bench.perform(backend, Operation.READ, 600, 500);

        assertEquals(List.of("READ 512+1024"), driver.log);
        assertEquals(0x33, read.memory.getByte(0));
        assertEquals(0x11, read.memory.getByte(499));
    }

    @Test
    void aMisalignedWriteExcludesEverythingThatOverlapsAndNothingElse() throws BlockException {
        final BlockBackend backend = backend(BLOCKS);
        driver.hold();
        final TestRequest misaligned =
                new TestRequest(Operation.WRITE, 100, 100).fill(0x22).submitTo(backend);
        final TestRequest overlapping =
                new TestRequest(Operation.WRITE, 0, 512).fill(0x33).submitTo(backend);
        final TestRequest elsewhere =
                new TestRequest(Operation.WRITE, 512, 512).fill(0x44).submitTo(backend);
        bench.context.runUntilIdle();
        assertEquals(List.of("READ 0+512", "WRITE 512+512"), driver.log);

        driver.releaseAll();
        bench.context.runUntilIdle();

        assertTrue(misaligned.done() && overlapping.done() && elsewhere.done());
        assertEquals(List.of("READ 0+512", "WRITE 512+512", "WRITE 0+512", "WRITE 0+512"), driver.log);
        assertBytes(0, 512, 0x33);
    }

    // ---- splitting ----

    @Test
    void aTransferLongerThanTheDriversLimitIsCutAndFailsAsAWhole() throws BlockException {
        final BlockBackend backend = backend(BLOCKS.withMaxTransfer(1024));
        driver.failing(Status.NO_SPACE, request -> request.offset() == 2048);

        assertEquals(Status.OK, bench.perform(backend, Operation.READ, 0, 2048).status());
        final TestRequest write = write(backend, 0, 4096, 0);

        assertEquals(Status.NO_SPACE, write.status());
        assertEquals(28, write.request.errno());
        assertEquals(1, write.completions());
        assertEquals("READ 1024+1024", driver.log.get(1));
    }

    @Test
    void durabilityOfACutWriteIsEmulatedByOneFlushAtTheEnd() throws BlockException {
        write(backend(NAIVE.withMaxTransfer(1024)), 0, 2048, RequestFlags.FUA);

        assertEquals(List.of("WRITE 0+1024", "WRITE 1024+1024", "FLUSH"), driver.log);
    }

    @Test
    void everyPieceIsDurableWhereTheDriverCanDoThat() throws BlockException {
        write(backend(BLOCKS.withMaxTransfer(1024)), 0, 2048, RequestFlags.FUA);

        assertEquals(List.of("WRITE 0+1024 fua", "WRITE 1024+1024 fua"), driver.log);
    }

    @Test
    void aWriteWhoseEmulatedFlushFailsHasFailedAndItsFlagsComeBack() throws BlockException {
        final BlockBackend backend = backend(NAIVE);
        driver.failing(Status.IO_ERROR, request -> request.operation() == Operation.FLUSH);

        final TestRequest write = write(backend, 0, 512, RequestFlags.FUA);

        assertEquals(Status.IO_ERROR, write.status());
        assertEquals(RequestFlags.FUA, write.request.flags());
    }

    // ---- flush ----

    @Test
    void aFlushWithNothingWrittenSinceTheLastOneIsSkipped() throws BlockException {
        final BlockBackend backend = backend(BLOCKS);
        bench.perform(backend, Operation.FLUSH, 0, 0);
        bench.perform(backend, Operation.FLUSH, 0, 0);
        write(backend, 0, 512, 0);
        bench.perform(backend, Operation.FLUSH, 0, 0);
        bench.perform(backend, Operation.FLUSH, 0, 0);

        assertEquals(List.of("FLUSH", "WRITE 0+512", "FLUSH"), driver.log);
    }

    @Test
    void aFailedFlushIsNotTakenForADoneOne() throws BlockException {
        final BlockBackend backend = backend(BLOCKS);
        write(backend, 0, 512, 0);
        driver.failing(Status.IO_ERROR, request -> true);
        assertEquals(
                Status.IO_ERROR, bench.perform(backend, Operation.FLUSH, 0, 0).status());
        driver.failing(Status.IO_ERROR, request -> false);

        assertEquals(Status.OK, bench.perform(backend, Operation.FLUSH, 0, 0).status());

        assertEquals(List.of("WRITE 0+512", "FLUSH", "FLUSH"), driver.log);
    }

    @Test
    void flushesTakeTurnsAndThoseThatWaitShareOne() throws BlockException {
        final BlockBackend backend = backend(BLOCKS);
        write(backend, 0, 512, 0);
        driver.hold();
        final TestRequest first = new TestRequest(Operation.FLUSH, 0, 0).submitTo(backend);
        final TestRequest second = new TestRequest(Operation.FLUSH, 0, 0).submitTo(backend);
        final TestRequest third = new TestRequest(Operation.FLUSH, 0, 0).submitTo(backend);
        bench.context.runUntilIdle();
        assertEquals(1, driver.held.size());

        driver.releaseOne();
        assertTrue(first.done());
        assertFalse(second.done());
        driver.releaseOne();

        assertTrue(second.done() && third.done());
        assertEquals(List.of("WRITE 0+512", "FLUSH", "FLUSH"), driver.log);
    }

    @Test
    void aWriteThatCompletesWhileAFlushRunsNeedsAnotherFlush() throws BlockException {
        final BlockBackend backend = backend(BLOCKS);
        driver.hold();
        new TestRequest(Operation.FLUSH, 0, 0).submitTo(backend);
        new TestRequest(Operation.WRITE, 0, 512).submitTo(backend);
        bench.context.runUntilIdle();
        driver.releaseAt(1);
        driver.releaseAll();

        bench.perform(backend, Operation.FLUSH, 0, 0);

        assertEquals(List.of("FLUSH", "WRITE 0+512", "FLUSH"), driver.log);
    }

    // ---- zeros ----

    @Test
    void zeroesThatTheDriverCannotDoAreWritten() throws BlockException {
        final TestRequest request = zeroes(backend(NAIVE), 512, 4096, 0);

        assertEquals(Status.OK, request.status());
        assertEquals(List.of("WRITE 512+4096"), driver.log);
        assertBytes(512, 4608, 0);
        assertBytes(4608, 5120, 0x11);
    }

    @Test
    void withoutFallbackTheyAreNotSupportedAndNothingChanges() throws BlockException {
        final TestRequest request = zeroes(backend(NAIVE), 512, 4096, RequestFlags.NO_FALLBACK);

        assertEquals(Status.NOT_SUPPORTED, request.status());
        assertBytes(0, TestBench.DISK_BYTES, 0x11);
    }

    @Test
    void aDriverThatAnswersNotSupportedGetsThemAsWrites() throws BlockException {
        final BlockBackend backend = backend(BLOCKS);
        driver.failing(Status.NOT_SUPPORTED, request -> request.operation() == Operation.WRITE_ZEROES);

        assertEquals(Status.OK, zeroes(backend, 0, 1024, 0).status());
        assertEquals(
                Status.NOT_SUPPORTED,
                zeroes(backend, 0, 1024, RequestFlags.NO_FALLBACK).status());

        assertEquals(List.of("WRITE_ZEROES 0+1024", "WRITE 0+1024", "WRITE_ZEROES 0+1024"), driver.log);
    }

    @Test
    void onlyTheEndsOffTheDriversAlignmentAreWrittenAsData() throws BlockException {
        final BlockLimits clusters = new BlockLimits(512, 1 << 20, 4096, 4096, true, true, true, true);

        assertEquals(Status.OK, zeroes(backend(clusters), 1000, 20_000, 0).status());

        assertEquals(
                List.of(
                        "READ 512+512",
                        "WRITE 512+512",
                        "WRITE 1024+3072",
                        "WRITE_ZEROES 4096+16384",
                        "WRITE 20480+512",
                        "READ 20992+512",
                        "WRITE 20992+512"),
                driver.log);
        assertBytes(0, 1000, 0x11);
        assertBytes(1000, 21_000, 0);
        assertBytes(21_000, 22_000, 0x11);
    }

    @Test
    void unmappingZeroesIsPassedOnOnlyWithDiscardUnmap() throws BlockException {
        zeroes(backend(BLOCKS), 0, 512, RequestFlags.MAY_UNMAP);
        assertEquals(List.of("WRITE_ZEROES 0+512"), driver.log);

        final BlockBackend unmapping = backendWith(NodeOptions.DEFAULTS.withDiscard(true));
        zeroes(unmapping, 0, 512, RequestFlags.MAY_UNMAP);
        assertEquals(List.of("WRITE_ZEROES 0+512 unmap"), driver.log);
    }

    private BlockBackend backendWith(final NodeOptions options) throws BlockException {
        driver = new TestDriver(TestBench.DISK_BYTES).limits(BLOCKS).fill(0x11);
        return bench.backendOn(bench.node("disk2", driver, options));
    }

    @Test
    void detectZeroesTurnsWritesOfZerosIntoZeroesAndLeavesOthersAlone() throws BlockException {
        final BlockBackend backend =
                backend(BLOCKS, NodeOptions.DEFAULTS.withDiscard(true).withDetectZeroes(DetectZeroes.UNMAP));
        final TestRequest zeros = new TestRequest(Operation.WRITE, 0, 512).submitTo(backend);
        write(backend, 512, 512, 0);

        assertEquals(List.of("WRITE_ZEROES 0+512 unmap", "WRITE 512+512"), driver.log);
        assertEquals(Operation.WRITE, zeros.request.operation());
        assertEquals(0, zeros.request.flags());
    }

    // ---- discard ----

    @Test
    void discardsWithoutTheOptionOrTheDriversHelpSucceedWithoutEffect() throws BlockException {
        assertEquals(
                Status.OK,
                bench.perform(backend(BLOCKS), Operation.DISCARD, 0, 512).status());
        assertEquals(List.of(), driver.log);
        driver = new TestDriver(4096).limits(NAIVE);
        final BlockBackend helpless =
                bench.backendOn(bench.node("naive", driver, NodeOptions.DEFAULTS.withDiscard(true)));
        assertEquals(
                Status.OK, bench.perform(helpless, Operation.DISCARD, 0, 512).status());
        assertEquals(List.of(), driver.log);
    }

    @Test
    void discardsAreTrimmedToTheDriversGranularityAndTheOwnerGetsItsRangeBack() throws BlockException {
        final BlockLimits clusters = new BlockLimits(512, 1 << 20, 1, 4096, true, true, true, true);
        final BlockBackend backend = backend(clusters, NodeOptions.DEFAULTS.withDiscard(true));

        final TestRequest discard = bench.perform(backend, Operation.DISCARD, 1000, 10_000);
        final TestRequest small = bench.perform(backend, Operation.DISCARD, 4097, 4096);

        assertEquals(Status.OK, discard.status());
        assertEquals(Status.OK, small.status());
        assertEquals(List.of("DISCARD 4096+4096"), driver.log);
        assertEquals(1000, discard.request.offset());
        assertEquals(10_000, discard.request.length());
    }

    @Test
    void aDiscardThatTheDriverCannotDoAfterAllHasSucceededAndAnErrorStaysOne() throws BlockException {
        final BlockBackend backend = backend(BLOCKS, NodeOptions.DEFAULTS.withDiscard(true));
        driver.failing(Status.NOT_SUPPORTED, request -> true);
        assertEquals(
                Status.OK, bench.perform(backend, Operation.DISCARD, 0, 512).status());
        driver.failing(Status.IO_ERROR, request -> true);

        assertEquals(
                Status.IO_ERROR,
                bench.perform(backend, Operation.DISCARD, 0, 512).status());
    }
}
