package io.drivebay.driver.protocol;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import io.drivebay.backend.request.IoVector;
import io.drivebay.driver.RandomVectors;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BounceBufferTest {
    private static final DirectAlignment ALIGNMENT = new DirectAlignment(512, 512, "test");

    private final RegionPool pool = new RegionPool();
    private final BounceBuffer buffer = new BounceBuffer(pool, ALIGNMENT);
    private final MemoryRegion memory = RegionPool.aligned(65_536);

    @Test
    void whatIsAlignedStaysWhereItIs() {
        final IoVector list = new IoVector().add(memory, 0, 512).add(memory, 4096, 1024);

        assertTrue(ALIGNMENT.fits(list));
        assertEquals(0, buffer.prepare(list));
        assertSame(memory, buffer.vector().region(1));
    }

    @Test
    void onlyTheMisalignedPieceIsBounced() {
        final IoVector list =
                new IoVector().add(memory, 0, 4096).add(memory, 8193, 512).add(memory, 16384, 4096);

        assertEquals(512, buffer.prepare(list));
        assertTrue(ALIGNMENT.fits(buffer.vector()));
        assertSame(memory, buffer.vector().region(0));
        assertSame(memory, buffer.vector().region(2));
    }

    @Test
    void wholeBlocksInTheMiddleOfASegmentStay() {
        final IoVector list = new IoVector()
                .add(memory, 0, 100)
                .add(memory, 612, 412 + 4096 + 100)
                .add(memory, 9, 412);

        final int bounced = buffer.prepare(list);

        assertEquals(512 + 512, bounced);
        assertTrue(ALIGNMENT.fits(buffer.vector()));
        assertEquals(list.bytes(), buffer.vector().bytes());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whateverTheListTheKernelCanTakeItAndBytesArriveInTheirPlaces(final long seed) {
        final Random random = new Random(seed);
        for (int i = 0; i < 200; i++) {
            final IoVector list = RandomVectors.of(random, 512 * (1 + random.nextInt(40)));
            final byte[] before = RandomVectors.bytes(list);

            buffer.prepare(list);
            assertTrue(ALIGNMENT.fits(buffer.vector()));
            buffer.copyIn();
            assertArrayEquals(before, RandomVectors.bytes(buffer.vector()));

            final byte[] fromDisk = new byte[before.length];
            random.nextBytes(fromDisk);
            final MemoryRegion source = MemoryRegion.allocate(fromDisk.length);
            source.putBytes(0, fromDisk, 0, fromDisk.length);
            buffer.vector().copyFrom(0, source, 0, fromDisk.length);
            buffer.copyOut();
            assertArrayEquals(fromDisk, RandomVectors.bytes(list));
            buffer.release();
        }
    }
}
