package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.graph.TestFilter;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RequestEntryTest {
    private static final int EIO = 5;
    private static final int ENOMEDIUM = 123;

    private final TestBench bench = new TestBench();
    private final TestDriver driver = new TestDriver(TestBench.DISK_BYTES);
    private final BlockBackend empty = bench.backend();
    private BlockBackend backend = empty;

    @BeforeEach
    void insert() throws BlockException {
        backend = bench.backendOn(bench.node("disk", driver));
    }

    @ParameterizedTest
    @CsvSource({
        "0, -1",
        "-512, 512",
        "65536, 1",
        "65537, 0",
        "65024, 1024",
        "9223372036854775807, 512",
        "512, 9223372036854775807"
    })
    void aRangeOutsideTheMediumIsInvalidAndReachesNoDriver(final long offset, final long length) {
        final TestRequest request = bench.perform(backend, Operation.WRITE_ZEROES, offset, length);

        assertEquals(Status.INVALID, request.status());
        assertEquals(EIO, request.request.errno());
        assertEquals(List.of(), driver.log);
        assertEquals(1, backend.statistics().present().invalidOperations());
    }

    @Test
    void aNegativeLengthIsReportedBeforeTheMissingMedium() {
        assertEquals(Status.INVALID, bench.perform(empty, Operation.READ, 0, -1).status());
        assertEquals(
                Status.NO_MEDIUM, bench.perform(empty, Operation.READ, -1, 512).status());
    }

    @ParameterizedTest
    @CsvSource({"0", "65536", "7"})
    void zeroLengthInsideTheDeviceSucceedsWithoutTheDriver(final long offset) {
        assertEquals(
                Status.OK, bench.perform(backend, Operation.READ, offset, 0).status());
        assertEquals(
                Status.OK, bench.perform(backend, Operation.WRITE, offset, 0).status());
        assertEquals(List.of(), driver.log);
    }

    @Test
    void aTransferLongerThanTheLargestIsInvalidButZeroesMayBe64Bit() {
        final TestRequest read = bench.perform(backend, Operation.READ, 0, BlockLimits.MAX_REQUEST + 512);

        assertEquals(Status.INVALID, read.status());
    }

    @Test
    void aVectorThatDoesNotHoldTheLengthIsInvalid() {
        final TestRequest request = new TestRequest(Operation.READ, 0, 512);
        request.request.set(Operation.READ, 0, 1024, 0);
        request.submitTo(backend);
        bench.context.runUntilIdle();

        assertEquals(Status.INVALID, request.status());
    }

    @ParameterizedTest
    @CsvSource({"READ", "WRITE", "FLUSH", "DISCARD", "WRITE_ZEROES", "BLOCK_STATUS"})
    void withoutAMediumEverythingCompletesLaterWithNoMedium(final Operation operation) {
        final TestRequest request = new TestRequest(operation, 0, 512).submitTo(empty);
        assertFalse(request.done());

        bench.context.runUntilIdle();

        assertEquals(Status.NO_MEDIUM, request.status());
        assertEquals(ENOMEDIUM, request.request.errno());
    }

    @Test
    void anOpenTrayHidesTheMedium() throws BlockException {
        final BlockBackend drive = bench.backend();
        final TestDevice device = new TestDevice("cd").withTray();
        drive.attachDevice(device, Permission.CONSISTENT_READ.bit(), Permission.ALL);
        bench.layer.insertMedium(drive, bench.disk("disc"));

        device.guestMovesTray(drive, true);
        assertEquals(
                Status.NO_MEDIUM, bench.perform(drive, Operation.READ, 0, 512).status());
        device.guestMovesTray(drive, false);
        assertEquals(Status.OK, bench.perform(drive, Operation.READ, 0, 512).status());
    }

    @Test
    void aHostDriveWithoutADiscHasNoMediumHoweverDeepInTheTree() throws BlockException {
        final TestDriver hostDrive = new TestDriver(0).inserted(false);
        final BlockNode below = bench.node("host", hostDrive);
        final BlockBackend drive = bench.backendOn(bench.over("upper", new TestFilter(), below));

        assertEquals(
                Status.NO_MEDIUM, bench.perform(drive, Operation.READ, 0, 512).status());
        assertEquals(
                Status.NO_MEDIUM, bench.perform(drive, Operation.READ, 0, 0).status());
    }

    @Test
    void completionNeverRunsInsideSubmit() {
        final TestRequest request = new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        assertEquals(0, request.completions());

        bench.context.runUntilIdle();

        assertEquals(1, request.completions());
    }

    @Test
    void oneSubmittersRequestsStartInTheOrderSubmitted() {
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            new TestRequest(Operation.READ, i * 512L, 512).submitTo(backend);
            expected.add("READ " + i * 512 + "+512");
        }

        bench.context.runUntilIdle();

        assertEquals(expected, driver.log);
    }

    @Test
    void aRequestMayBeSubmittedAnewFromItsOwnCallback() {
        final List<Long> offsets = new ArrayList<>();
        final TestRequest request = new TestRequest(Operation.READ, 0, 512);
        request.then(() -> {
                    offsets.add(request.request.offset());
                    if (offsets.size() < 3) {
                        request.request.set(Operation.READ, offsets.size() * 512L, 512, 0);
                        request.submitTo(backend);
                    }
                })
                .submitTo(backend);

        bench.context.runUntilIdle();

        assertEquals(List.of(0L, 512L, 1024L), offsets);
        assertEquals(3, request.completions());
    }

    @Test
    void aRequestThatIsUnderWayCannotBeSubmittedAgain() {
        driver.hold();
        final TestRequest request = new TestRequest(Operation.READ, 0, 512).submitTo(backend);

        assertThrows(IllegalStateException.class, () -> backend.submit(request.request));
        bench.context.runUntilIdle();
        assertThrows(IllegalStateException.class, () -> backend.submit(request.request));
    }

    @Test
    void aSecondCompletionThrows() {
        driver.hold();
        new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        bench.context.runUntilIdle();
        final BlockRequest request = driver.held.getFirst();
        driver.releaseAll();

        final IllegalStateException failure = assertThrows(IllegalStateException.class, request::complete);

        assertTrue(String.valueOf(failure.getMessage()).contains("twice"), failure.getMessage());
        assertThrows(IllegalStateException.class, () -> request.fail(Status.IO_ERROR, "disk"));
    }

    @Test
    void aListenerThatThrowsDoesNotHoldUpLaterDrains() throws BlockException {
        final TestRequest request = new TestRequest(Operation.READ, 0, 512).then(() -> {
            throw new IllegalArgumentException("a broken device");
        });
        request.submitTo(backend);
        assertThrows(IllegalArgumentException.class, bench.context::runUntilIdle);

        bench.layer.drain(backend).close();

        assertEquals(0, backend.pending());
    }

    @Test
    void everyModificationOfAReadOnlyNodeFailsAndFlushesSucceed() throws BlockException {
        final TestDriver media = new TestDriver(4096).readOnly(true);
        final BlockBackend drive = bench.backend();
        bench.layer.insertMedium(drive, bench.node("rom", media));

        assertTrue(drive.readOnly());
        assertEquals(
                Status.READ_ONLY, bench.perform(drive, Operation.WRITE, 0, 512).status());
        assertEquals(
                Status.READ_ONLY,
                bench.perform(drive, Operation.WRITE_ZEROES, 0, 512).status());
        assertEquals(
                Status.READ_ONLY,
                bench.perform(drive, Operation.DISCARD, 0, 512).status());
        assertEquals(Status.OK, bench.perform(drive, Operation.FLUSH, 0, 0).status());
        assertEquals(Status.OK, bench.perform(drive, Operation.READ, 0, 512).status());
        assertEquals(List.of("READ 0+512"), media.log);
    }

    @Test
    void readsBeyondTheExactEndWithinTheLastSectorAreZeros() throws BlockException {
        final TestDriver ragged = new TestDriver(700).fill(7);
        final BlockBackend drive = bench.backend();
        bench.layer.insertMedium(drive, bench.node("ragged", ragged));

        final TestRequest read = bench.perform(drive, Operation.READ, 512, 512);

        assertEquals(1024, drive.lengthBytes());
        assertEquals(Status.OK, read.status());
        assertEquals(7, read.memory.getByte(187));
        assertTrue(read.memory.isZero(188, 324));
    }

    @Test
    void withoutAWriteCacheEveryWriteIsDurableAndTheOwnersFlagsComeBack() {
        backend.writeCache(false);
        final TestRequest write = bench.perform(backend, Operation.WRITE, 0, 512);
        backend.writeCache(true);
        bench.perform(backend, Operation.WRITE, 512, 512);

        assertEquals(List.of("WRITE 0+512 fua", "WRITE 512+512"), driver.log);
        assertEquals(0, write.request.flags());
    }

    @Test
    void aFailureNamesErrnoAndNode() {
        driver.failing(Status.NO_SPACE, request -> true);

        final TestRequest write = bench.perform(backend, Operation.WRITE, 0, 512);

        assertEquals(Status.NO_SPACE, write.status());
        assertEquals(28, write.request.errno());
        assertEquals("disk", write.request.origin());
    }

    @Test
    void blockStatusComesFromTheDriverOrIsData() throws BlockException {
        final TestRequest asked = bench.perform(backend, Operation.BLOCK_STATUS, 0, 4096);
        final BlockBackend other = bench.backend();
        final TestDriver naive = new TestDriver(4096).limits(BlockLimits.UNLIMITED.withBlockStatus(false));
        bench.layer.insertMedium(other, bench.node("naive", naive));
        final TestRequest assumed = bench.perform(other, Operation.BLOCK_STATUS, 0, 4096);

        assertEquals(512, asked.request.statusBytes());
        assertEquals(4096, assumed.request.statusBytes());
        assertEquals(BlockStatusFlags.DATA | BlockStatusFlags.ALLOCATED, assumed.request.statusFlags());
    }

    @Test
    void flushesAreSkippedWithCacheNoFlush() throws BlockException {
        final TestDriver unsafe = new TestDriver(4096).limits(BlockLimits.UNLIMITED.withFua(false));
        final BlockBackend drive = bench.backend();
        bench.layer.insertMedium(drive, bench.node("unsafe", unsafe, NodeOptions.DEFAULTS.withNoFlush(true)));
        final TestRequest durable = new TestRequest(Operation.WRITE, 0, 512, RequestFlags.FUA).submitTo(drive);
        final TestRequest flush = bench.perform(drive, Operation.FLUSH, 0, 0);

        assertEquals(Status.OK, durable.status());
        assertEquals(Status.OK, flush.status());
        assertEquals(List.of("WRITE 0+512"), unsafe.log);
    }
}
