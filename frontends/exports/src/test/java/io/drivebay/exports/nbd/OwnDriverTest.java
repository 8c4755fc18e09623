package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Our driver against our export, which meet in extended headers. */
@Timeout(60)
final class OwnDriverTest {
    private static final int STEPS = 300;
    private static final int MOST = 300_000;

    private static OwnDisk disk(final Served served) throws Exception {
        return new OwnDisk(Map.of(
                "driver", "nbd",
                "server.type", "unix",
                "server.path", served.socket.toString(),
                "export", "disk",
                "discard", "unmap",
                "reconnect-delay", 20));
    }

    @ParameterizedTest
    @ValueSource(longs = {21, 22, 23})
    void aDiskOverNbdBehavesLikeAnArray(final long seed) throws Exception {
        final Random random = new Random(seed);
        final byte[] model = new byte[(int) Served.SIZE];
        try (Served served = new Served().with("disk");
                OwnDisk disk = disk(served)) {
            for (int i = 0; i < STEPS; i++) {
                final int offset = random.nextInt(model.length - MOST);
                final int length = 1 + random.nextInt(random.nextBoolean() ? 5000 : MOST);
                if (random.nextBoolean()) {
                    final byte[] data = new byte[length];
                    random.nextBytes(data);
                    System.arraycopy(data, 0, model, offset, length);
                    disk.write(offset, data);
                } else {
                    assertArrayEquals(Arrays.copyOfRange(model, offset, offset + length), disk.read(offset, length));
                }
            }
            assertArrayEquals(model, disk.read(0, model.length));
        }
    }

    @Test
    void zeroesDiscardsFlushesAndStatusGoThrough() throws Exception {
        try (Served served = new Served().with("disk");
                OwnDisk disk = disk(served)) {
            disk.write(0, new byte[] {1});
            final MemoryRegion all = MemoryRegion.allocate((int) Served.SIZE);

            final int unmap = RequestFlags.MAY_UNMAP | RequestFlags.FUA;
            assertEquals(
                    Status.OK, disk.run(Operation.WRITE_ZEROES, 0, all, unmap).status());
            assertEquals(Status.OK, disk.run(Operation.DISCARD, 0, all, 0).status());
            assertEquals(
                    Status.OK,
                    disk.run(Operation.FLUSH, 0, MemoryRegion.allocate(0), 0).status());
            final BlockRequest status = disk.run(Operation.BLOCK_STATUS, 0, all, 0);
            assertEquals(Served.SIZE, status.statusBytes());
            assertEquals(
                    BlockStatusFlags.ZERO | BlockStatusFlags.ALLOCATED | BlockStatusFlags.END_OF_FILE,
                    status.statusFlags());
        }
    }

    @Test
    void aChangedMediumOfTheSameSizeIsFoundByReconnecting() throws Exception {
        try (Served served = new Served().with("disk");
                OwnDisk disk = disk(served)) {
            disk.write(0, new byte[] {1});
            served.layer.changeMedium(served.server.exports().get(0).backend(), served.memory("other", Served.SIZE));

            assertArrayEquals(new byte[] {0}, disk.read(0, 1));
        }
    }
}
