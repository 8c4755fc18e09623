package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drivebay.virtio.testguest.GuestQueue;
import io.drivebay.virtio.testguest.GuestQueue.Form;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import io.drivebay.virtio.testguest.Machine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** V10, S3, S4, S10, K3: what is wrong within a chain fails that request, and the queue lives on. */
@ParameterizedClass
@EnumSource
final class MalformedChainTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int TABLE = Machine.BUFFERS + (1 << 20);
    private static final long OUTSIDE = Machine.RAM_BYTES;
    private static final int IO_ERROR = 1;
    private static final int UNTOUCHED = 0xee;
    private static final String LINKS = "a packed ring's table has no links and no flags but one";

    private final Machine machine = new Machine(BlkOptions.of("vda"));
    private final Form form;
    private final GuestQueue ring;
    private final Buffer status = machine.status();

    MalformedChainTest(final Form form) {
        this.form = form;
        this.ring = machine.start(Machine.USUAL, 16, form);
    }

    @AfterEach
    void queueLivesOn() {
        final Buffer next = machine.status();
        ring.offer(machine.header(Machine.FLUSH_REQUEST, 0), next);
        machine.kickAndRun();
        assertNotNull(ring.poll());
        assertEquals(0, machine.statusIn(next));
        assertEquals(0, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
        machine.close();
    }

    private Used run(final Buffer... buffers) {
        return machine.run(ring, buffers);
    }

    /** Gives a descriptor another one that follows it. */
    private void link(final int at, final int flags, final int next) {
        machine.ram.putShort(at + 12, (short) (flags | GuestRing.NEXT));
        machine.ram.putShort(at + 14, (short) next);
    }

    @Test
    void aChainWithoutHeaderFails() {
        final Used used = run(Buffer.writable(DATA, 512), status);

        assertEquals(0, used.length());
        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void aShortHeaderFails() {
        final Buffer header = machine.header(Machine.FLUSH_REQUEST, 0);

        final Used used = run(Buffer.readable(header.address(), 15), status);

        assertEquals(1, used.length());
        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void aChainWithoutStatusByteEndsWithLengthZero() {
        final Used used = run(machine.header(Machine.OUT, 0), Buffer.readable(DATA, 512));

        assertEquals(0, used.length());
        assertEquals(0, machine.disk.seen().size());
    }

    @Test
    void aHeaderOutsideMemoryFails() {
        run(Buffer.readable(OUTSIDE, 16), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void aHeaderAcrossTheEndOfMemoryFails() {
        run(Buffer.readable(OUTSIDE - 8, 16), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void dataOutsideMemoryFails() {
        run(machine.header(Machine.IN, 0), Buffer.writable(OUTSIDE - 256, 512), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
        assertEquals(0, machine.disk.seen().size());
    }

    @Test
    void aStatusByteOutsideMemoryEndsWithLengthZero() {
        machine.ram.putByte(DATA + 511, (byte) UNTOUCHED);

        final Used used = run(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), Buffer.writable(OUTSIDE, 1));

        assertEquals(0, used.length());
        assertEquals(UNTOUCHED, machine.ram.getByte(DATA + 511) & 0xff);
    }

    @Test
    void aBufferWhoseEndOverflowsFails() {
        run(machine.header(Machine.OUT, 0), Buffer.readable(-512, 1024), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void aStatusBufferWhoseEndOverflowsEndsWithLengthZero() {
        final Used used = run(machine.header(Machine.OUT, 0), Buffer.writable(-16, 32));

        assertEquals(0, used.length());
    }

    @Test
    void lengthsWhoseSumOverflowsAnIntFail() {
        final Buffer[] buffers = new Buffer[15];
        buffers[0] = machine.header(Machine.OUT, 0);
        for (int i = 1; i < 14; i++) {
            buffers[i] = Buffer.readable(0, -512);
        }
        buffers[14] = status;

        run(buffers);

        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void aDescriptorWithoutBytesFails() {
        run(machine.header(Machine.IN, 0), Buffer.writable(DATA, 0), Buffer.writable(DATA, 512), status);

        assertEquals(IO_ERROR, machine.statusIn(status));
    }

    @Test
    void aReadableAfterAWritableDescriptorFailsWithoutWritingTheReadableOne() {
        machine.ram.putByte(DATA + 511, (byte) UNTOUCHED);

        run(machine.header(Machine.OUT, 0), status, Buffer.readable(DATA, 512));

        assertEquals(IO_ERROR, machine.statusIn(status));
        assertEquals(UNTOUCHED, machine.ram.getByte(DATA + 511) & 0xff);
    }

    @Test
    void anIndirectDescriptorWithNextEndsWithLengthZero() {
        final Buffer table = ring.table(TABLE, machine.header(Machine.FLUSH_REQUEST, 0), status);

        final Used used = run(table, status);

        assertEquals(0, used.length());
        assertEquals(UNTOUCHED, machine.statusIn(status));
    }

    @Test
    void aSplitQueuesNestedIndirectDescriptorEndsWithLengthZero() {
        assumeTrue(form == Form.SPLIT, LINKS);
        final Buffer inner = ring.table(TABLE + 256, machine.header(Machine.FLUSH_REQUEST, 0), status);

        final Used used = run(ring.table(TABLE, inner));

        assertEquals(0, used.length());
        assertEquals(UNTOUCHED, machine.statusIn(status));
    }

    @Test
    void anIndirectTableOfOddLengthEndsWithLengthZero() {
        final Buffer table = ring.table(TABLE, machine.header(Machine.FLUSH_REQUEST, 0), status);

        assertEquals(0, run(Buffer.indirect(table.address(), 31)).length());
        assertEquals(0, run(Buffer.indirect(table.address(), 0)).length());
        assertEquals(0, run(Buffer.indirect(table.address(), -16)).length());
        assertEquals(UNTOUCHED, machine.statusIn(status));
    }

    @Test
    void anIndirectTableOutsideMemoryEndsWithLengthZero() {
        assertEquals(0, run(Buffer.indirect(OUTSIDE, 32)).length());
        assertEquals(0, run(Buffer.indirect(OUTSIDE - 16, 32)).length());
    }

    @Test
    void aLoopInASplitQueuesIndirectTableEndsWithLengthZero() {
        assumeTrue(form == Form.SPLIT, LINKS);
        final Buffer table = ring.table(TABLE, machine.header(Machine.FLUSH_REQUEST, 0), status);
        link(TABLE + 16, GuestRing.WRITE, 0);

        assertEquals(0, run(table).length());
    }

    @Test
    void aLinkOutOfASplitQueuesIndirectTableEndsWithLengthZero() {
        assumeTrue(form == Form.SPLIT, LINKS);
        final Buffer table = ring.table(TABLE, machine.header(Machine.FLUSH_REQUEST, 0), status);
        link(TABLE + 16, GuestRing.WRITE, 2);

        assertEquals(0, run(table).length());
    }

    @Test
    void anythingButTheWriteFlagInAPackedRingsTableIsIgnored() {
        assumeTrue(form == Form.PACKED);
        final Buffer table = ring.table(TABLE, machine.header(Machine.FLUSH_REQUEST, 0), status);
        machine.ram.putShort(TABLE + 14, (short) ~GuestRing.WRITE);
        machine.ram.putShort(TABLE + 30, (short) ~0);

        final Used used = run(table);

        assertEquals(1, used.length());
        assertEquals(0, machine.statusIn(status));
    }

    @Test
    void aChainOfMoreDescriptorsThanTheDeviceTakesEndsWithLengthZero() {
        final Buffer[] buffers = new Buffer[1025];
        buffers[0] = machine.header(Machine.IN, 0);
        for (int i = 1; i < 1025; i++) {
            buffers[i] = Buffer.writable(DATA, 1);
        }

        assertEquals(0, run(ring.table(TABLE, buffers)).length());
    }

    @Test
    void anIndirectDescriptorThatWasNotNegotiatedEndsWithLengthZero() {
        try (Machine other = new Machine(BlkOptions.of("vdb"))) {
            final GuestQueue otherRing = other.start(Machine.VERSION_1, 16, form);
            otherRing.offer(otherRing.table(TABLE, other.header(Machine.IN, 0), other.status()));

            other.kickAndRun();

            assertEquals(new Used(0, 0), otherRing.poll());
        }
    }
}
