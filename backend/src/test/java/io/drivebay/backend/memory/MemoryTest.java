package io.drivebay.backend.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.guest.GuestMemory.Range;
import io.drivebay.backend.request.IoVector;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class MemoryTest {
    // ---- regions ----

    @Test
    void aRegionIsLittleEndianAndChecksItsBounds() {
        final MemoryRegion region = MemoryRegion.allocate(16);
        region.putInt(1, 0x01020304);

        assertEquals(4, region.getByte(1));
        assertEquals(0x0304, region.getShort(1));
        assertThrows(IndexOutOfBoundsException.class, () -> region.getLong(9));
        assertThrows(IndexOutOfBoundsException.class, () -> region.fill(8, 9, (byte) 0));
        assertThrows(IndexOutOfBoundsException.class, () -> region.isZero(-1, 2));
    }

    @Test
    void fillAndIsZeroCoverEveryByteAtAnyOffsetAndLength() {
        final MemoryRegion region = MemoryRegion.allocate(40);
        region.fill(3, 30, (byte) 0x7f);

        assertTrue(region.isZero(0, 3));
        assertTrue(region.isZero(33, 7));
        assertFalse(region.isZero(0, 4));
        assertFalse(region.isZero(32, 8));
        assertEquals(0x7f7f, region.getShort(31));
    }

    @Test
    void onlyDirectBuffersBecomeRegionsAndTheAddressIsAskedForOnce() {
        assertThrows(IllegalArgumentException.class, () -> MemoryRegion.of(ByteBuffer.allocate(8)));
        final AtomicInteger asked = new AtomicInteger();
        final MemoryRegion region = MemoryRegion.allocate(8);

        region.address(buffer -> 4096 + asked.getAndIncrement());

        assertEquals(4096, region.address(buffer -> asked.incrementAndGet()));
        assertEquals(1, asked.get());
    }

    @Test
    void overlappingCopiesGoAsThroughATemporary() {
        final MemoryRegion region = MemoryRegion.allocate(8);
        for (int i = 0; i < 8; i++) {
            region.putByte(i, (byte) i);
        }

        region.copyFrom(2, region, 0, 6);

        assertEquals(5, region.getByte(7));
        assertEquals(0, region.getByte(2));
    }

    // ---- the pool ----

    @Test
    void aPoolRoundsUpToPowersOfTwoAndGivesTheSameRegionAgain() {
        final RegionPool pool = new RegionPool();
        final MemoryRegion small = pool.take(1);
        final MemoryRegion larger = pool.take(4097);
        pool.give(small);

        assertEquals(4096, small.size());
        assertEquals(8192, larger.size());
        assertSame(small, pool.take(4096));
        assertNotSame(small, pool.take(4096));
        assertEquals(0, larger.buffer().alignmentOffset(0, RegionPool.ALIGNMENT));
    }

    @Test
    void aPoolKeepsOnlySoMuchOfASize() {
        final RegionPool pool = new RegionPool();
        final MemoryRegion huge = pool.take(17 << 20);

        pool.give(huge);

        assertNotSame(huge, pool.take(17 << 20));
    }

    @Test
    void aRegionFromElsewhereAndAnImpossibleSizeAreRefused() {
        final RegionPool pool = new RegionPool();

        assertThrows(IllegalArgumentException.class, () -> pool.give(MemoryRegion.allocate(5000)));
        assertThrows(IllegalArgumentException.class, () -> pool.take(0));
        assertThrows(IllegalArgumentException.class, () -> pool.take((1 << 30) + 1));
    }

    // ---- a guest's memory ----

    private static final long BASE = 0x1_0000_0000L;

    private final GuestMemory memory = GuestMemory.of(List.of(
            new Range(BASE + 100, MemoryRegion.allocate(50)),
            new Range(0, MemoryRegion.allocate(64)),
            new Range(BASE, MemoryRegion.allocate(100))));

    @Test
    void aLookUpThatOneRangeDoesNotCoverWholeIsNotFound() {
        final int range = memory.find(BASE + 10, 90);

        assertEquals(10, memory.offset(range, BASE + 10));
        assertEquals(GuestMemory.NOT_FOUND, memory.find(BASE + 10, 91));
        assertEquals(GuestMemory.NOT_FOUND, memory.find(64, 1));
        assertEquals(GuestMemory.NOT_FOUND, memory.find(-1, 1));
        assertEquals(GuestMemory.NOT_FOUND, memory.find(0, -1));
        assertEquals(GuestMemory.NOT_FOUND, memory.find(0, Long.MAX_VALUE));
        assertEquals(214, memory.bytes());
    }

    @Test
    void aVectorMaySpanAdjoiningRangesButNoHole() {
        final IoVector vector = new IoVector();

        assertTrue(memory.append(vector, BASE + 90, 60));
        assertEquals(2, vector.count());
        assertEquals(60, vector.bytes());
        assertFalse(memory.append(vector.clear(), BASE + 90, 61));
        assertFalse(memory.append(vector.clear(), 60, 5));
        assertFalse(memory.append(vector.clear(), Long.MAX_VALUE, 1));
        assertFalse(memory.append(vector.clear(), 0, -1));
        assertTrue(memory.append(vector.clear(), 0, 0));
    }

    @Test
    void overlappingRangesAndOnesBeyondTheEndAreRefused() {
        final MemoryRegion region = MemoryRegion.allocate(64);

        assertThrows(
                IllegalArgumentException.class,
                () -> GuestMemory.of(List.of(new Range(0, region), new Range(63, region))));
        assertThrows(IllegalArgumentException.class, () -> new Range(Long.MAX_VALUE - 10, region));
        assertThrows(IllegalArgumentException.class, () -> new Range(-1, region));
    }
}
