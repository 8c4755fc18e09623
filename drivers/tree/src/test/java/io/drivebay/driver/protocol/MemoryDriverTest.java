package io.drivebay.driver.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.driver.DriverContract;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryDriverTest extends DriverContract {
    @Override
    protected Map<String, Object> options() {
        return Map.of("driver", "memory", "size", SIZE);
    }

    private Object allocatedBytes() {
        return disk.told("allocated-bytes");
    }

    @Test
    void onlyWhatIsWrittenTakesMemory() {
        assertEquals(0L, allocatedBytes());

        disk.read(0, new byte[SIZE]);
        assertEquals(0L, allocatedBytes());

        disk.write(ChunkStore.CHUNK_BYTES - 1, new byte[2], 0);
        assertEquals(2L * ChunkStore.CHUNK_BYTES, allocatedBytes());
    }

    @Test
    void discardsAndZerosGiveWholeChunksBack() {
        disk.write(0, filled(4 * ChunkStore.CHUNK_BYTES, 1), 0);

        disk.run(Operation.DISCARD, 1, 2L * ChunkStore.CHUNK_BYTES, 0);
        assertEquals(3L * ChunkStore.CHUNK_BYTES, allocatedBytes());

        disk.run(Operation.WRITE_ZEROES, 0, SIZE, 0);
        assertEquals(0L, allocatedBytes());
    }

    @Test
    void aChunkThatIsUsedAgainIsClean() {
        disk.write(0, filled(ChunkStore.CHUNK_BYTES, 1), 0);
        disk.run(Operation.DISCARD, 0, ChunkStore.CHUNK_BYTES, 0);
        disk.write(3L * ChunkStore.CHUNK_BYTES, new byte[] {1}, 0);

        final byte[] back = new byte[2];
        disk.read(3L * ChunkStore.CHUNK_BYTES, back);

        assertEquals(1, back[0]);
        assertEquals(0, back[1]);
    }

    @Test
    void blockStatusTellsDataFromHoles() {
        disk.write(2L * ChunkStore.CHUNK_BYTES, new byte[] {1}, 0);

        final BlockRequest hole = disk.run(Operation.BLOCK_STATUS, 512, SIZE - 512, 0);
        assertEquals(BlockStatusFlags.ZERO | BlockStatusFlags.ALLOCATED, hole.statusFlags());
        assertEquals(2L * ChunkStore.CHUNK_BYTES - 512, hole.statusBytes());

        final BlockRequest data = disk.run(Operation.BLOCK_STATUS, 2L * ChunkStore.CHUNK_BYTES, 100_000, 0);
        assertEquals(BlockStatusFlags.DATA | BlockStatusFlags.ALLOCATED, data.statusFlags());
        assertEquals(ChunkStore.CHUNK_BYTES, data.statusBytes());
    }

    @Test
    void whatWasCutOffIsZeroWhenTheDiskGrowsAgain() throws BlockException {
        disk.write(0, filled(SIZE, 1), 0);
        final var driver = disk.root().driver();

        driver.resize(100_000);
        driver.resize(SIZE);

        final byte[] back = new byte[SIZE];
        disk.read(0, back);
        assertEquals(1, back[99_999]);
        for (int i = 100_000; i < SIZE; i++) {
            assertEquals(0, back[i]);
        }
    }

    @Test
    void aDiskLargerThanAnythingIsRefused() {
        for (final Object size : new Object[] {"17T", Long.MAX_VALUE, "lots", -1}) {
            final BlockException refused = assertThrows(
                    BlockException.class,
                    () -> disk.blockdevs.add(disk.context, Map.of("driver", "memory", "size", size)));
            assertEquals(BlockException.Kind.INVALID_OPTION, refused.kind());
        }
    }

    @Test
    void aDiskWithoutASizeIsRefused() {
        final BlockException refused =
                assertThrows(BlockException.class, () -> disk.blockdevs.add(disk.context, Map.of("driver", "memory")));
        assertEquals(BlockException.Kind.INVALID_OPTION, refused.kind());
    }
}
