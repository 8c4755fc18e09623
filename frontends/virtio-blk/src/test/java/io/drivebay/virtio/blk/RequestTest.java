package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.request.Status;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
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
        ring.offer(buffers);
        machine.kickAndRun();
        final Used used = ring.poll();
        if (used == null) {
            throw new AssertionError("no buffer was used");
        }
        return used;
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
    void anUnknownTypeIsUnsupported() {
        run(machine.header(77, 0), status);

        assertEquals(UNSUPPORTED, machine.statusIn(status));
        assertNull(ring.poll());
    }
}
