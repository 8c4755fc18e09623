package io.drivebay.driver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.Disk.Submitted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every driver promises to whoever uses it through a backend; each driver runs all of it. */
@Timeout(120)
public abstract class DriverContract {
    /** No multiple of 4096, so that the last block of a large alignment is ragged. */
    protected static final int SIZE = (1 << 20) + 1024;

    private static final int MAX_REQUEST = 40_000;
    private static final int STEPS = 250;
    private static final List<Operation> UNIVERSAL =
            Arrays.stream(Operation.values()).filter(Operation::universal).toList();

    protected Disk disk;

    /** Options of a disk of {@link #SIZE} bytes that reads as zeros; called before each test. */
    protected abstract Map<String, Object> options() throws IOException;

    /** False for a disk that forgets. */
    protected boolean keepsData() {
        return true;
    }

    protected Disk newDisk() {
        return new Disk(new VirtualClock(), new ParkPort());
    }

    private Map<String, Object> chosen = Map.of();

    @BeforeEach
    void open() throws IOException, BlockException {
        disk = newDisk();
        chosen = new LinkedHashMap<>(options());
        chosen.put("discard", "unmap");
        disk.open(chosen);
    }

    @AfterEach
    void close() throws BlockException {
        disk.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aRandomMixReadsBackWhatWasWritten(final long seed) {
        final Random random = new Random(seed);
        final byte[] model = new byte[SIZE];
        for (int step = 0; step < STEPS; step++) {
            final int length = random.nextInt(4) == 0 ? 512 * random.nextInt(20) : random.nextInt(MAX_REQUEST);
            final int offset = random.nextBoolean() ? random.nextInt(SIZE) & ~511 : random.nextInt(SIZE);
            final int fitting = Math.min(length, SIZE - offset);

            step(random, model, offset, fitting);
        }

        final byte[] all = new byte[SIZE];
        assertEquals(Status.OK, disk.read(0, all).status());
        assertArrayEquals(model, all);
    }

    private void step(final Random random, final byte[] model, final int offset, final int length) {
        final IoVector vector = RandomVectors.of(random, length);
        final int choice = random.nextInt(10);
        if (choice < 5) {
            final int flags = choice == 0 ? RequestFlags.FUA : 0;
            final byte[] data = RandomVectors.bytes(vector);
            assertEquals(
                    Status.OK,
                    disk.run(Operation.WRITE, offset, length, flags, vector).status());
            keep(model, offset, data);
        } else if (choice < 9) {
            final BlockRequest read = disk.run(Operation.READ, offset, length, 0, vector);
            assertEquals(Status.OK, read.status());
            assertArrayEquals(
                    Arrays.copyOfRange(model, offset, offset + length),
                    RandomVectors.bytes(vector),
                    () -> "offset=" + offset + " length=" + length);
        } else {
            final int flags = random.nextBoolean() ? RequestFlags.MAY_UNMAP : 0;
            assertEquals(
                    Status.OK,
                    disk.run(Operation.WRITE_ZEROES, offset, length, flags).status());
            keep(model, offset, new byte[length]);
        }
    }

    private void keep(final byte[] model, final int offset, final byte[] data) {
        if (keepsData()) {
            System.arraycopy(data, 0, model, offset, data.length);
        }
    }

    @Test
    void requestsSideBySideCompleteExactlyOnceEach() {
        final List<Submitted> submitted = new ArrayList<>();
        final Random random = new Random(4);
        for (int i = 0; i < 96; i++) {
            final IoVector vector = RandomVectors.of(random, 5000);
            final Operation operation = UNIVERSAL.get(i % UNIVERSAL.size());
            final long length = operation == Operation.FLUSH ? 0 : 5000;
            submitted.add(
                    disk.submit(operation, 10_000L * i, length, 0, operation.transfers() ? vector : new IoVector()));
        }

        disk.runUntil(() -> submitted.stream().allMatch(Submitted::done));
        disk.context.runUntilIdle();

        for (final Submitted each : submitted) {
            assertEquals(1, each.completions);
            assertEquals(Status.OK, each.request.status(), each.request::toString);
        }
    }

    @Test
    void neighboursWritingIntoTheSameBlocksDoNotHarmEachOther() {
        final List<Submitted> writes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            final MemoryRegion memory = MemoryRegion.allocate(100);
            memory.fill(0, 100, (byte) (i + 1));
            writes.add(disk.submit(Operation.WRITE, 100L * i, 100, 0, new IoVector().add(memory, 0, 100)));
        }
        disk.runUntil(() -> writes.stream().allMatch(Submitted::done));

        final byte[] all = new byte[100 * 100];
        disk.read(0, all);
        for (int i = 0; i < all.length; i++) {
            assertEquals(keepsData() ? i / 100 + 1 : 0, all[i]);
        }
    }

    @Test
    void nothingAtTheEndOfTheDeviceIsFine() {
        assertEquals(Status.OK, disk.run(Operation.READ, SIZE, 0, 0).status());
        assertEquals(Status.OK, disk.run(Operation.WRITE, 17, 0, 0).status());
        assertEquals(Status.OK, disk.write(SIZE - 1, new byte[1], 0).status());
    }

    @Test
    void whatLiesBeyondTheEndIsRefused() {
        for (final Operation operation : List.of(Operation.READ, Operation.WRITE, Operation.WRITE_ZEROES)) {
            final IoVector vector = new IoVector().add(MemoryRegion.allocate(2), 0, 2);
            final BlockRequest request =
                    disk.run(operation, SIZE - 1, 2, 0, operation.transfers() ? vector : new IoVector());

            assertEquals(Status.INVALID, request.status());
            assertEquals(Status.IO_ERROR.errno(), request.errno());
        }
    }

    @Test
    void writesWithForcedUnitAccessAndFlushesSucceed() {
        final byte[] data = {1, 2, 3};
        assertEquals(Status.OK, disk.write(4095, data, RequestFlags.FUA).status());
        assertEquals(Status.OK, disk.run(Operation.FLUSH, 0, 0, 0).status());
        assertEquals(Status.OK, disk.run(Operation.FLUSH, 0, 0, 0).status());

        final byte[] back = new byte[3];
        disk.read(4095, back);
        assertArrayEquals(keepsData() ? data : new byte[3], back);
    }

    @Test
    void writtenZerosReadAsZerosAndNothingElseChanges() {
        disk.write(0, filled(400_000, 7), 0);

        final int flags = RequestFlags.MAY_UNMAP | RequestFlags.FUA;
        assertEquals(
                Status.OK,
                disk.run(Operation.WRITE_ZEROES, 1000, 300_000, flags).status());

        final byte[] expected = filled(400_000, keepsData() ? 7 : 0);
        Arrays.fill(expected, 1000, 301_000, (byte) 0);
        final byte[] all = new byte[400_000];
        disk.read(0, all);
        assertArrayEquals(expected, all);
    }

    @Test
    void aDiscardSucceedsAndLeavesItsNeighboursAlone() {
        disk.write(0, filled(400_000, 9), 0);

        assertEquals(Status.OK, disk.run(Operation.DISCARD, 1000, 300_000, 0).status());

        final byte[] before = new byte[1000];
        final byte[] after = new byte[400_000 - 301_000];
        disk.read(0, before);
        disk.read(301_000, after);
        final int kept = keepsData() ? 9 : 0;
        assertArrayEquals(filled(before.length, kept), before);
        assertArrayEquals(filled(after.length, kept), after);
    }

    @Test
    void blockStatusCoversTheWholeDeviceAndZerosAreZeros() {
        disk.write(200_000, filled(70_000, 5), 0);
        long at = 0;
        int flags = 0;
        while (at < SIZE) {
            final BlockRequest status = disk.run(Operation.BLOCK_STATUS, at, SIZE - at, 0);
            assertEquals(Status.OK, status.status());
            assertTrue(status.statusBytes() > 0 && status.statusBytes() <= SIZE - at, status::toString);
            flags = status.statusFlags();
            if ((flags & BlockStatusFlags.ZERO) != 0) {
                final byte[] content = new byte[(int) status.statusBytes()];
                disk.read(at, content);
                assertArrayEquals(new byte[content.length], content);
            }
            at += status.statusBytes();
        }
        assertEquals(SIZE, at);
        final boolean told = disk.root().driver().limits().blockStatus();
        assertEquals(told ? BlockStatusFlags.END_OF_FILE : 0, flags & BlockStatusFlags.END_OF_FILE);
    }

    @Test
    void aDrainWaitsForWhatIsOnItsWay() throws BlockException {
        final List<Submitted> submitted = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            submitted.add(disk.submit(Operation.READ, 512L * i, 700, 0, RandomVectors.of(new Random(i), 700)));
        }
        disk.context.runOnce();

        final BlockLayer.Drain drain = disk.layer.drain(disk.backend);
        assertEquals(0, disk.backend.pending());
        drain.close();
        disk.runUntil(() -> submitted.stream().allMatch(Submitted::done));
        submitted.forEach(each -> assertEquals(Status.OK, each.request.status()));
    }

    @Test
    void anUnknownOptionIsRefusedByName() {
        final Map<String, Object> wrong = new LinkedHashMap<>(chosen);
        wrong.put("colour", "green");

        final BlockException refused =
                assertThrows(BlockException.class, () -> disk.blockdevs.add(disk.context, wrong));

        assertEquals(BlockException.Kind.INVALID_OPTION, refused.kind());
        assertTrue(String.valueOf(refused.getMessage()).contains("'colour'"), refused::getMessage);
    }

    protected static byte[] filled(final int length, final int value) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
