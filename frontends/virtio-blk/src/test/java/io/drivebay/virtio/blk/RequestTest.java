package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.MediumLifetime;
import io.drivebay.backend.request.Status;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RequestTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int OK = 0;
    private static final int IO_ERROR = 1;
    private static final int UNSUPPORTED = 2;

    private final Machine machine = new Machine(BlkOptions.of("vda").withSerial("DISK-0001"));
    private final GuestRing ring = machine.start(Machine.USUAL, 16);
    private final Buffer status = machine.status();

    @AfterEach
    void close() {
        machine.close();
    }

    private Used run(final Buffer... buffers) {
        return machine.run(ring, buffers);
    }

    @Test
    void aReadFillsTheDataAndCountsItWithTheStatusByte() {
        machine.disk.content().fill(1024, 512, (byte) 7);

        final Used used = run(machine.header(Machine.IN, 2), Buffer.writable(DATA, 512), status);

        assertEquals(new Used(0, 513), used);
        assertEquals(OK, machine.statusIn(status));
        assertEquals(7, machine.ram.getByte(DATA));
        assertEquals(7, machine.ram.getByte(DATA + 511));
        assertTrue(machine.line);
    }

    @Test
    void aWriteReachesTheDiskAndCountsOnlyTheStatusByte() {
        machine.ram.fill(DATA, 1024, (byte) 9);

        final Used used = run(machine.header(Machine.OUT, 4), Buffer.readable(DATA, 1024), status);

        assertEquals(new Used(0, 1), used);
        assertEquals(OK, machine.statusIn(status));
        assertEquals(9, machine.disk.content().getByte(2048));
        assertEquals(9, machine.disk.content().getByte(3071));
        assertEquals(0, machine.disk.content().getByte(3072));
    }

    @Test
    void aFlushReachesTheDisk() {
        run(machine.header(Machine.OUT, 0), Buffer.readable(DATA, 512), machine.status());

        final Used used = run(machine.header(Machine.FLUSH_REQUEST, 0), status);

        assertEquals(1, used.length());
        assertEquals(OK, machine.statusIn(status));
        assertEquals("FLUSH 0+0 0", machine.disk.seen().get(1));
    }

    @Test
    void theSerialIsPaddedWithZeros() {
        machine.ram.fill(DATA, 20, (byte) 0x55);

        final Used used = run(machine.header(Machine.GET_ID, 0), Buffer.writable(DATA, 20), status);

        final byte[] id = new byte[20];
        machine.ram.getBytes(DATA, id, 0, 20);
        assertEquals("DISK-0001\0\0\0\0\0\0\0\0\0\0\0", new String(id, StandardCharsets.US_ASCII));
        assertEquals(21, used.length());
        assertEquals(OK, machine.statusIn(status));
    }

    @Test
    void aFailedReadCountsNoByte() {
        machine.disk.fail(Status.IO_ERROR);

        final Used used = run(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), status);

        assertEquals(0, used.length());
        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void aSerialOfTwentyCharactersHasNoTerminator() {
        try (Machine other = new Machine(BlkOptions.of("vdb").withSerial("ABCDEFGHIJKLMNOPQRST"))) {
            final GuestRing otherRing = other.start(Machine.USUAL, 16);
            otherRing.offer(other.header(Machine.GET_ID, 0), Buffer.writable(DATA, 64), other.status());

            other.kickAndRun();

            assertEquals('T', other.ram.getByte(DATA + 19));
            assertEquals(0, other.ram.getByte(DATA + 20));
            assertEquals(new Used(0, 20), otherRing.poll());
        }
    }

    @Test
    void aShortSerialBufferGetsAPrefix() {
        final Used used = run(machine.header(Machine.GET_ID, 0), Buffer.writable(DATA, 4), status);

        assertEquals('K', machine.ram.getByte(DATA + 3));
        assertEquals(0, machine.ram.getByte(DATA + 4));
        assertEquals(5, used.length());
    }

    @Test
    void aMediumThatKnowsHowWornItIsTellsTheGuest() {
        final HeldDisk flash = new HeldDisk(4096).lifetime(new MediumLifetime(2, 11, 0));
        try (Machine other = new Machine(BlkOptions.of("vdb"), flash, 16)) {
            final GuestRing otherRing = other.start(Machine.USUAL | Machine.LIFETIME, 16);
            otherRing.offer(other.header(Machine.GET_LIFETIME, 0), Buffer.writable(DATA, 6), other.status());

            other.kickAndRun();

            assertEquals(new Used(0, 7), otherRing.poll());
            assertEquals(2, other.ram.getShort(DATA));
            assertEquals(11, other.ram.getShort(DATA + 2));
            assertEquals(0, other.ram.getShort(DATA + 4));
        }
    }

    @Test
    void aLifetimeThatWasNotNegotiatedIsUnsupported() {
        run(machine.header(Machine.GET_LIFETIME, 0), Buffer.writable(DATA, 6), status);

        assertEquals(UNSUPPORTED, machine.statusIn(status));
    }

    @Test
    void aRequestBeyondTheEndFailsAndIsCountedInvalid() {
        final Used used =
                run(machine.header(Machine.IN, Machine.DISK_BYTES / 512 - 1), Buffer.writable(DATA, 1024), status);

        assertEquals(0, used.length());
        assertEquals(IO_ERROR, machine.statusIn(status));
        assertEquals(1, machine.backend.statistics().present().invalidOperations());
        assertTrue(machine.disk.seen().isEmpty());
    }

    @Test
    void aSectorWhoseByteOffsetOverflowsFails() {
        run(machine.header(Machine.OUT, 1L << 55), Buffer.readable(DATA, 512), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
        assertTrue(machine.disk.seen().isEmpty());
    }

    @Test
    void aNegativeSectorFails() {
        run(machine.header(Machine.IN, -1), Buffer.writable(DATA, 512), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void dataThatIsNoMultipleOfABlockFailsWithoutEffect() {
        machine.ram.fill(DATA, 1024, (byte) 9);

        run(machine.header(Machine.OUT, 0), Buffer.readable(DATA, 700), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
        assertEquals(0, machine.disk.content().getByte(0));
    }

    @Test
    void aSectorThatIsNoMultipleOfABlockFails() {
        try (Machine other = new Machine(BlkOptions.of("vdb").withBlockBytes(4096))) {
            final GuestRing otherRing = other.start(Machine.USUAL, 16);
            final Buffer otherStatus = other.status();
            otherRing.offer(other.header(Machine.IN, 1), Buffer.writable(DATA, 4096), otherStatus);

            other.kickAndRun();

            assertEquals(IO_ERROR, other.statusIn(otherStatus));
        }
    }

    @Test
    void transfersWithoutDataSucceed() {
        final Used read = run(machine.header(Machine.IN, 0), status);
        assertEquals(OK, machine.statusIn(status));
        final Buffer second = machine.status();
        final Used write = run(machine.header(Machine.OUT, 0), second);

        assertEquals(1, read.length());
        assertEquals(1, write.length());
        assertEquals(OK, machine.statusIn(second));
    }

    @Test
    void aWriteToAReadOnlyDeviceFailsWithoutEffect() {
        try (Machine other = new Machine(BlkOptions.of("vdb").withReadOnly(true))) {
            final GuestRing otherRing = other.start(Machine.VERSION_1, 16);
            final Buffer otherStatus = other.status();
            otherRing.offer(other.header(Machine.OUT, 0), Buffer.readable(DATA, 512), otherStatus);

            other.kickAndRun();

            assertEquals(IO_ERROR, other.statusIn(otherStatus));
            assertTrue(other.disk.seen().isEmpty());
        }
    }

    @Test
    void aFlushThatWasNotNegotiatedIsUnsupported() {
        try (Machine other = new Machine(BlkOptions.of("vdb"))) {
            final GuestRing otherRing = other.start(Machine.VERSION_1, 16);
            final Buffer otherStatus = other.status();
            otherRing.offer(other.header(Machine.FLUSH_REQUEST, 0), otherStatus);

            other.kickAndRun();

            assertEquals(UNSUPPORTED, other.statusIn(otherStatus));
        }
    }

    @Test
    void aReadFromADiskThatWasTakenOutFails() throws BlockException {
        machine.layer.removeMedium(machine.backend);

        run(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
        assertEquals(Machine.DISK_BYTES / 512, machine.config(0, 8));
    }

    @Test
    void anUnknownTypeIsUnsupported() {
        run(machine.header(77, 0), status);

        assertEquals(UNSUPPORTED, machine.statusIn(status));
        assertNull(ring.poll());
    }
}
