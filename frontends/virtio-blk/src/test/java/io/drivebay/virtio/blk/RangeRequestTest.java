package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.request.Status;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** DISCARD and WRITE_ZEROES. */
final class RangeRequestTest {
    private static final int OK = 0;
    private static final int IO_ERROR = 1;
    private static final int UNSUPPORTED = 2;
    private static final int UNMAP = 1;
    private static final int SEGMENTS = Machine.BUFFERS;
    private static final int CAPACITY = Machine.DISK_BYTES / 512;
    private static final int MAX_SECTORS = 4194303;
    private static final int MAX_SEGMENTS = 32;

    private final Machine machine = new Machine(BlkOptions.of("vda"), HeldDisk.filled(Machine.DISK_BYTES, 1), 256);
    private final GuestRing ring = machine.start(Machine.USUAL, 16);
    private int segments;

    @AfterEach
    void close() {
        machine.close();
    }

    private void segment(final long sector, final int sectors, final int flags) {
        final int at = SEGMENTS + 16 * segments++;
        machine.ram.putLong(at, sector);
        machine.ram.putInt(at + 8, sectors);
        machine.ram.putInt(at + 12, flags);
    }

    private int run(final int type, final int bytes) {
        final Buffer status = machine.status();
        ring.offer(machine.header(type, 0), Buffer.readable(SEGMENTS, bytes), status);
        machine.kickAndRun();
        return machine.statusIn(status);
    }

    private int run(final int type) {
        return run(type, 16 * segments);
    }

    @Test
    void writtenZerosReadAsZeros() {
        segment(2, 1, 0);

        assertEquals(OK, run(Machine.WRITE_ZEROES_REQUEST));

        assertEquals(1, machine.disk.content().getByte(1023));
        assertEquals(0, machine.disk.content().getByte(1024));
        assertEquals(0, machine.disk.content().getByte(1535));
        assertEquals(1, machine.disk.content().getByte(1536));
    }

    @Test
    void onlyWrittenZerosThatMayUnmapSaySo() {
        segment(0, 1, 0);
        segment(1, 1, UNMAP);

        assertEquals(OK, run(Machine.WRITE_ZEROES_REQUEST));

        assertEquals(List.of("WRITE_ZEROES 0+512 0", "WRITE_ZEROES 512+512 2"), machine.disk.seen());
    }

    @Test
    void aDiscardReachesTheDisk() {
        segment(8, 16, 0);

        assertEquals(OK, run(Machine.DISCARD_REQUEST));

        assertEquals(List.of("DISCARD 4096+8192 0"), machine.disk.seen());
    }

    @Test
    void segmentsAreCarriedOutOneAfterTheOther() {
        machine.disk.hold(true);
        segment(0, 1, 0);
        segment(4, 2, 0);
        segment(8, 1, 0);
        final Buffer status = machine.status();
        ring.offer(machine.header(Machine.DISCARD_REQUEST, 0), Buffer.readable(SEGMENTS, 48), status);
        machine.kickAndRun();
        assertEquals(1, machine.disk.heldRequests());

        machine.disk.hold(false);
        machine.disk.releaseAll();
        machine.context.runUntilIdle();

        assertEquals(List.of("DISCARD 0+512 0", "DISCARD 2048+1024 0", "DISCARD 4096+512 0"), machine.disk.seen());
        assertEquals(OK, machine.statusIn(status));
    }

    @Test
    void aFailedSegmentEndsTheRequest() {
        machine.disk.fail(Status.IO_ERROR);
        segment(0, 1, 0);
        segment(4, 1, 0);

        assertEquals(IO_ERROR, run(Machine.WRITE_ZEROES_REQUEST));

        assertEquals(1, machine.disk.seen().size());
    }

    @Test
    void aSlotForgetsTheSegmentsOfItsLastUse() {
        machine.disk.fail(Status.IO_ERROR);
        segment(0, 1, 0);
        segment(4, 1, 0);
        run(Machine.WRITE_ZEROES_REQUEST);
        machine.disk.fail(null);
        machine.disk.seen().clear();
        for (int head = 3; head < 18; head += 3) {
            ring.offer(machine.header(Machine.OUT, 0), Buffer.readable(SEGMENTS, 512), machine.status());
            machine.kickAndRun();
        }

        assertEquals(5, machine.disk.seen().size());
    }

    @Test
    void unknownFlagsAreUnsupported() {
        segment(0, 1, 2);

        assertEquals(UNSUPPORTED, run(Machine.WRITE_ZEROES_REQUEST));
        assertEquals(UNSUPPORTED, run(Machine.DISCARD_REQUEST));
        assertTrue(machine.disk.seen().isEmpty());
    }

    @Test
    void aDiscardWithTheUnmapFlagIsUnsupported() {
        segment(0, 1, UNMAP);

        assertEquals(UNSUPPORTED, run(Machine.DISCARD_REQUEST));
    }

    @Test
    void allSegmentsAreCheckedBeforeTheFirstIsCarriedOut() {
        segment(0, 1, 0);
        segment(CAPACITY, 1, 0);

        assertEquals(IO_ERROR, run(Machine.WRITE_ZEROES_REQUEST));

        assertTrue(machine.disk.seen().isEmpty());
        assertEquals(1, machine.backend.statistics().present().invalidOperations());
    }

    @Test
    void aRangeWhoseEndOverflowsFails() {
        segment(Long.MAX_VALUE, -1, 0);

        assertEquals(IO_ERROR, run(Machine.DISCARD_REQUEST));
        assertEquals(IO_ERROR, run(Machine.WRITE_ZEROES_REQUEST));
    }

    @Test
    void aNegativeSectorFails() {
        segment(-1, 1, 0);

        assertEquals(IO_ERROR, run(Machine.DISCARD_REQUEST));
    }

    @Test
    void aRequestWithoutSegmentsFails() {
        final Buffer status = machine.status();
        ring.offer(machine.header(Machine.DISCARD_REQUEST, 0), status);
        machine.kickAndRun();

        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void aSegmentThatIsCutOffFails() {
        segment(0, 1, 0);

        assertEquals(IO_ERROR, run(Machine.DISCARD_REQUEST, 15));
        assertEquals(IO_ERROR, run(Machine.DISCARD_REQUEST, 24));
    }

    @Test
    void asManySegmentsAsTheConfigurationAllowsAreCarriedOut() {
        assertEquals(MAX_SEGMENTS, machine.config(40, 4));
        assertEquals(MAX_SEGMENTS, machine.config(52, 4));
        for (int i = 0; i < MAX_SEGMENTS; i++) {
            segment(i, 1, 0);
        }

        assertEquals(OK, run(Machine.DISCARD_REQUEST));
        assertEquals(MAX_SEGMENTS, machine.disk.seen().size());
    }

    @Test
    void moreSegmentsThanTheConfigurationAllowsAreUnsupported() {
        for (int i = 0; i <= MAX_SEGMENTS; i++) {
            segment(i, 1, 0);
        }

        assertEquals(UNSUPPORTED, run(Machine.DISCARD_REQUEST));
        assertEquals(UNSUPPORTED, run(Machine.WRITE_ZEROES_REQUEST));
    }

    @Test
    void moreSectorsThanTheConfigurationAllowsFail() {
        final HeldDisk large = new HeldDisk(4096).quiet();
        large.length(1L << 40);
        try (Machine other = new Machine(BlkOptions.of("vdb"), large, 256)) {
            final GuestRing otherRing = other.start(Machine.USUAL, 16);
            final Buffer tooMany = other.status();
            final Buffer enough = other.status();
            assertEquals(MAX_SECTORS, other.config(36, 4));
            other.ram.putInt(SEGMENTS + 8, MAX_SECTORS + 1);
            other.ram.putInt(SEGMENTS + 24, MAX_SECTORS);

            otherRing.offer(other.header(Machine.DISCARD_REQUEST, 0), Buffer.readable(SEGMENTS, 16), tooMany);
            otherRing.offer(other.header(Machine.DISCARD_REQUEST, 0), Buffer.readable(SEGMENTS + 16, 16), enough);
            other.kickAndRun();

            assertEquals(IO_ERROR, other.statusIn(tooMany));
            assertEquals(OK, other.statusIn(enough));
        }
    }

    @Test
    void rangesThatAreNoMultipleOfABlockFail() {
        try (Machine other = new Machine(BlkOptions.of("vdb").withBlockBytes(4096))) {
            final GuestRing otherRing = other.start(Machine.USUAL, 16);
            final Buffer status = other.status();
            other.ram.putLong(SEGMENTS, 8);
            other.ram.putInt(SEGMENTS + 8, 4);
            otherRing.offer(other.header(Machine.DISCARD_REQUEST, 0), Buffer.readable(SEGMENTS, 16), status);

            other.kickAndRun();

            assertEquals(IO_ERROR, other.statusIn(status));
        }
    }

    @Test
    void requestsThatWereNotNegotiatedAreUnsupported() {
        try (Machine other = new Machine(BlkOptions.of("vdb"))) {
            final GuestRing otherRing = other.start(Machine.VERSION_1, 16);
            final Buffer discard = other.status();
            final Buffer zeroes = other.status();
            otherRing.offer(other.header(Machine.DISCARD_REQUEST, 0), Buffer.readable(SEGMENTS, 16), discard);
            otherRing.offer(other.header(Machine.WRITE_ZEROES_REQUEST, 0), Buffer.readable(SEGMENTS, 16), zeroes);

            other.kickAndRun();

            assertEquals(UNSUPPORTED, other.statusIn(discard));
            assertEquals(UNSUPPORTED, other.statusIn(zeroes));
        }
    }

    @Test
    void aReadOnlyDeviceRefusesThem() {
        try (Machine other = new Machine(BlkOptions.of("vdb").withReadOnly(true))) {
            final GuestRing otherRing = other.start(Machine.VERSION_1, 16);
            final Buffer status = other.status();
            otherRing.offer(other.header(Machine.DISCARD_REQUEST, 0), Buffer.readable(SEGMENTS, 16), status);

            other.kickAndRun();

            assertEquals(IO_ERROR, other.statusIn(status));
        }
    }

    @Test
    void onlyADiskThatCanGiveSpaceBackSaysThatZerosMayUnmap() {
        final HeldDisk plain = new HeldDisk(4096).limits(BlockLimits.UNLIMITED.withZeroes(false));
        try (Machine other = new Machine(BlkOptions.of("vdb"), plain, 256)) {
            assertEquals(1, machine.config(56, 1));
            assertEquals(0, other.config(56, 1));
        }
    }

    @Test
    void whatIsErasedForGoodReachesADiskThatCan() {
        final HeldDisk flash = HeldDisk.filled(Machine.DISK_BYTES, 1).erasing();
        try (Machine other = new Machine(BlkOptions.of("vdb"), flash, 16)) {
            final GuestRing otherRing = other.start(Machine.USUAL | Machine.SECURE_ERASE, 16);
            other.ram.putLong(SEGMENTS, 8);
            other.ram.putInt(SEGMENTS + 8, 2);
            other.ram.putInt(SEGMENTS + 12, 0);
            final Buffer status = other.status();
            otherRing.offer(other.header(Machine.SECURE_ERASE_REQUEST, 0), Buffer.readable(SEGMENTS, 16), status);

            other.kickAndRun();

            assertEquals(OK, other.statusIn(status));
            assertEquals(List.of("SECURE_ERASE 4096+1024 0"), flash.seen());
        }
    }

    @Test
    void anEraseWithAFlagIsUnsupported() {
        final HeldDisk flash = HeldDisk.filled(Machine.DISK_BYTES, 1).erasing();
        try (Machine other = new Machine(BlkOptions.of("vdb"), flash, 16)) {
            final GuestRing otherRing = other.start(Machine.USUAL | Machine.SECURE_ERASE, 16);
            other.ram.putInt(SEGMENTS + 8, 2);
            other.ram.putInt(SEGMENTS + 12, UNMAP);
            final Buffer status = other.status();
            otherRing.offer(other.header(Machine.SECURE_ERASE_REQUEST, 0), Buffer.readable(SEGMENTS, 16), status);

            other.kickAndRun();

            assertEquals(UNSUPPORTED, other.statusIn(status));
            assertEquals(List.of(), flash.seen());
        }
    }

    @Test
    void anEraseThatWasNotNegotiatedIsUnsupported() {
        segment(0, 1, 0);

        assertEquals(UNSUPPORTED, run(Machine.SECURE_ERASE_REQUEST));
    }
}
