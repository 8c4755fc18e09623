package io.drivebay.driver.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.Disk;
import io.drivebay.driver.Disk.Submitted;
import io.drivebay.posix.Errno;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The file driver above a file that does what a test says: short transfers, errors, no room. */
class FileTransferTest {
    private static final int SIZE = 65_536;
    private static final DirectAlignment DIRECT = new DirectAlignment(512, 512, "test");

    private final Disk disk = new Disk(new VirtualClock(), new ParkPort());
    private final ScriptedEngine engine = new ScriptedEngine(disk.context, SIZE, SIZE);

    @AfterEach
    void close() throws BlockException {
        disk.close();
        assertEquals("close", engine.calls.get(engine.calls.size() - 1));
    }

    private void open(final @Nullable DirectAlignment direct) throws BlockException {
        open(direct, false);
    }

    private void open(final @Nullable DirectAlignment direct, final boolean neverFlush) throws BlockException {
        new Random(7).nextBytes(engine.content);
        final OpenedFile file = new OpenedFile("file", "/scripted", Aio.NIO, false, SIZE, direct, 1, ImageGuard.none());
        final FileDriver driver = new FileDriver(file, engine, disk.layer.domain(disk.context), neverFlush);
        disk.insert(disk.layer.addNode("scripted", disk.context, NodeOptions.DEFAULTS, driver, Map.of()));
    }

    @Test
    void u6AShortReadGoesOnWhereItStopped() throws BlockException {
        open(null);
        engine.moving(100, 1, 3000);
        final byte[] back = new byte[8192];

        assertEquals(Status.OK, disk.read(512, back).status());

        assertArrayEquals(Arrays.copyOfRange(engine.content, 512, 512 + 8192), back);
        assertEquals(List.of("read 512+8192", "read 612+8092", "read 613+8091", "read 3613+5091"), engine.calls);
    }

    @Test
    void u6AReadThatMeetsTheEndOfTheFileIsFilledUpWithZeros() throws BlockException {
        open(null);
        engine.resize(1000);
        final byte[] back = new byte[2048];
        Arrays.fill(back, (byte) 9);

        assertEquals(Status.OK, disk.read(512, back).status());

        final byte[] expected = new byte[2048];
        System.arraycopy(engine.content, 512, expected, 0, 488);
        assertArrayEquals(expected, back);
        assertEquals(List.of("read 512+2048", "read 1000+1560"), engine.calls);
    }

    @Test
    void u6WithDirectIoTheEndOfTheFileIsNotReadAgainAtAnOddOffset() throws BlockException {
        open(DIRECT);
        engine.resize(1000);
        final byte[] back = new byte[2048];

        assertEquals(Status.OK, disk.read(512, back).status());

        assertEquals(engine.content[999], back[487]);
        assertEquals(0, back[488]);
        assertEquals(List.of("read 512+2048"), engine.calls);
    }

    @Test
    void u6AShortWriteGoesOnWhereItStopped() throws BlockException {
        open(null);
        engine.moving(1, 500);
        final byte[] data = filled(2000, 3);

        assertEquals(Status.OK, disk.write(100, data, RequestFlags.FUA).status());

        assertArrayEquals(data, Arrays.copyOfRange(engine.content, 100, 2100));
        assertEquals(
                List.of("durable write 100+2000", "durable write 101+1999", "durable write 601+1499"), engine.calls);
    }

    @Test
    void u6WithDirectIoAShortWriteGoesOnAtABlock() throws BlockException {
        open(DIRECT);
        engine.moving(700);

        assertEquals(Status.OK, disk.write(0, filled(2048, 3), 0).status());

        assertEquals(List.of("write 0+2048", "write 512+1536"), engine.calls);
    }

    @Test
    void u6AWriteWithoutProgressFailsInsteadOfLooping() throws BlockException {
        open(null);
        engine.moving(100, 0);

        final BlockRequest write = disk.write(0, filled(200, 3), 0);

        assertEquals(Status.IO_ERROR, write.status());
        assertEquals(Errno.EIO.number(), write.errno());
        assertEquals("scripted", write.origin());
        assertEquals(2, engine.calls.size());
    }

    @Test
    void u6WithDirectIoProgressOfLessThanABlockIsNone() throws BlockException {
        open(DIRECT);
        engine.moving(511);

        assertEquals(Status.IO_ERROR, disk.write(0, filled(1024, 3), 0).status());
    }

    @Test
    void anInterruptedTransferIsTriedAgainButNotForEver() throws BlockException {
        open(null);
        engine.moving(ScriptedEngine.error(Errno.EINTR), ScriptedEngine.error(Errno.EAGAIN));
        assertEquals(Status.OK, disk.read(0, new byte[512]).status());

        final int[] always = new int[1000];
        Arrays.fill(always, ScriptedEngine.error(Errno.EAGAIN));
        engine.moving(always);
        final BlockRequest given = disk.read(0, new byte[512]);
        assertEquals(Status.IO_ERROR, given.status());
        assertEquals(Errno.EAGAIN.number(), given.errno());
    }

    @Test
    void errorsKeepTheirNumberAndTellWhatTheyMean() throws BlockException {
        open(null);
        assertFails(Errno.ENOSPC, Status.NO_SPACE);
        assertFails(Errno.EDQUOT, Status.NO_SPACE);
        assertFails(Errno.EIO, Status.IO_ERROR);
        assertFails(Errno.EINVAL, Status.IO_ERROR);
        assertFails(Errno.EROFS, Status.READ_ONLY);
    }

    private void assertFails(final Errno errno, final Status status) {
        engine.moving(ScriptedEngine.error(errno));
        final BlockRequest write = disk.write(0, new byte[512], 0);
        assertEquals(status, write.status());
        assertEquals(errno.number(), write.errno());
    }

    @Test
    void u8AfterAFailedFlushEveryLaterOneFails() throws BlockException {
        open(null);
        disk.write(0, new byte[512], 0);
        engine.flushing(ScriptedEngine.error(Errno.EIO));

        assertEquals(Status.IO_ERROR, disk.run(Operation.FLUSH, 0, 0, 0).status());
        final int calls = engine.calls.size();
        assertEquals(Status.IO_ERROR, disk.run(Operation.FLUSH, 0, 0, 0).status());
        disk.write(0, new byte[512], 0);
        final BlockRequest third = disk.run(Operation.FLUSH, 0, 0, 0);

        assertEquals(Status.IO_ERROR, third.status());
        assertEquals(Errno.EIO.number(), third.errno());
        assertEquals(calls + 1, engine.calls.size(), "only the write may have reached the file");
        assertEquals(true, disk.told("flush-failed"));
    }

    @Test
    void u8AFailedDurableWriteMayHaveLostTheDataOfOthers() throws BlockException {
        open(null);
        engine.moving(ScriptedEngine.error(Errno.EIO));

        disk.write(0, new byte[512], RequestFlags.FUA);

        assertEquals(Status.IO_ERROR, disk.run(Operation.FLUSH, 0, 0, 0).status());
    }

    @Test
    void aFullDiskIsNoLostWrite() throws BlockException {
        open(null);
        engine.moving(ScriptedEngine.error(Errno.ENOSPC));

        assertEquals(
                Status.NO_SPACE, disk.write(0, new byte[512], RequestFlags.FUA).status());

        assertEquals(Status.OK, disk.run(Operation.FLUSH, 0, 0, 0).status());
    }

    @Test
    void u8WithoutThePageCacheAFlushMayBeTriedAgain() throws BlockException {
        open(DIRECT);
        disk.write(0, new byte[512], 0);
        engine.flushing(ScriptedEngine.error(Errno.EIO));

        assertEquals(Status.IO_ERROR, disk.run(Operation.FLUSH, 0, 0, 0).status());
        assertEquals(Status.OK, disk.run(Operation.FLUSH, 0, 0, 0).status());
    }

    @Test
    void withoutFlushesForcedUnitAccessIsAnOrdinaryWrite() throws BlockException {
        open(null, true);

        disk.write(0, new byte[512], RequestFlags.FUA);

        assertEquals(List.of("write 0+512"), engine.calls);
    }

    @Test
    void whatFindsNoRoomIsStartedInOrderWhenThereIsSome() throws BlockException {
        open(null);
        engine.room(0);
        final List<Submitted> submitted = new ArrayList<>();
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            submitted.add(disk.submit(
                    Operation.READ, 512L * i, 512, 0, new IoVector().add(MemoryRegion.allocate(512), 0, 512)));
            expected.add("read " + 512 * i + "+512");
        }
        disk.context.runUntilIdle();
        assertEquals(List.of(), engine.calls);

        engine.room(3);
        disk.context.runUntilIdle();
        assertEquals(3, submitted.stream().filter(Submitted::done).count());

        engine.room(100);
        disk.runUntil(() -> submitted.stream().allMatch(Submitted::done));
        assertEquals(expected, engine.calls);
        assertEquals(10L, disk.told("parked-operations"));
    }

    @Test
    void moreSegmentsThanTheKernelTakesGoInSteps() throws BlockException {
        open(null);
        final IoVector vector = new IoVector();
        final MemoryRegion memory = MemoryRegion.allocate(3000 * 8);
        for (int i = 0; i < 3000; i++) {
            vector.add(memory, i * 8, 4);
        }

        assertEquals(Status.OK, disk.run(Operation.READ, 0, 12_000, 0, vector).status());

        assertEquals(List.of("read 0+4096", "read 4096+4096", "read 8192+3808"), engine.calls);
        for (int i = 0; i < 12_000; i++) {
            assertEquals(engine.content[i], memory.getByte(i / 4 * 8 + i % 4));
        }
    }

    private static byte[] filled(final int length, final int value) {
        final byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
