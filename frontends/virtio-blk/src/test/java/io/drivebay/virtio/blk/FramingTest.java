package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
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

/** S1: where descriptors begin and end has no meaning, in no form of queue. */
@ParameterizedClass
@EnumSource
final class FramingTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int HEADER = Machine.BUFFERS + (1 << 20);

    private final Machine machine = new Machine(BlkOptions.of("vda"));
    private final Form form;
    private final GuestQueue ring;

    FramingTest(final Form form) {
        this.form = form;
        this.ring = machine.start(Machine.USUAL, 32, form);
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private Used run(final Buffer... buffers) {
        return machine.run(ring, buffers);
    }

    @Test
    void aHeaderMayBeCutIntoSingleBytes() {
        machine.disk.content().fill(1024, 512, (byte) 7);
        machine.headerAt(HEADER, Machine.IN, 2);
        final Buffer[] buffers = new Buffer[18];
        for (int i = 0; i < 16; i++) {
            buffers[i] = Buffer.readable(HEADER + i, 1);
        }
        buffers[16] = Buffer.writable(DATA, 512);
        buffers[17] = machine.status();

        final Used used = run(buffers);

        assertEquals(513, used.length());
        assertEquals(0, machine.statusIn(buffers[17]));
        assertEquals(7, machine.ram.getByte(DATA + 511));
    }

    @Test
    void headerAndDataMayShareADescriptor() {
        machine.headerAt(HEADER, Machine.OUT, 3);
        machine.ram.fill(HEADER + 16, 512, (byte) 5);
        final Buffer status = machine.status();

        run(Buffer.readable(HEADER, 16 + 512), status);

        assertEquals(0, machine.statusIn(status));
        assertEquals(5, machine.disk.content().getByte(3 * 512));
        assertEquals(5, machine.disk.content().getByte(3 * 512 + 511));
    }

    @Test
    void dataMayBeginAmidTheDescriptorThatEndsTheHeader() {
        machine.headerAt(HEADER, Machine.OUT, 0);
        machine.ram.fill(HEADER + 16, 512, (byte) 6);
        final Buffer status = machine.status();

        run(Buffer.readable(HEADER, 10), Buffer.readable(HEADER + 10, 106), Buffer.readable(HEADER + 116, 412), status);

        assertEquals(0, machine.statusIn(status));
        assertEquals(6, machine.disk.content().getByte(0));
        assertEquals(6, machine.disk.content().getByte(511));
    }

    @Test
    void dataAndStatusMayShareADescriptor() {
        machine.disk.content().fill(0, 512, (byte) 8);
        final Buffer both = Buffer.writable(DATA, 513);
        machine.ram.putByte(DATA + 512, (byte) 0xee);

        final Used used = run(machine.header(Machine.IN, 0), both);

        assertEquals(513, used.length());
        assertEquals(0, machine.statusIn(both));
        assertEquals(8, machine.ram.getByte(DATA + 511));
    }

    @Test
    void dataMayBeCutAnywhere() {
        for (int i = 0; i < 1024; i++) {
            machine.disk.content().putByte(i, (byte) i);
        }
        final Buffer status = machine.status();

        run(
                machine.header(Machine.IN, 0),
                Buffer.writable(DATA, 1),
                Buffer.writable(DATA + 100, 1000),
                Buffer.writable(DATA + 2000, 23),
                status);

        assertEquals(0, machine.statusIn(status));
        assertEquals(0, machine.ram.getByte(DATA));
        assertEquals(1, machine.ram.getByte(DATA + 100));
        assertEquals((byte) 1023, machine.ram.getByte(DATA + 2022));
    }

    @Test
    void aStatusBufferMayBeLongerThanAByte() {
        final Buffer status = Buffer.writable(DATA, 8);
        machine.ram.fill(DATA, 8, (byte) 0xee);

        final Used used = run(machine.header(Machine.FLUSH_REQUEST, 0), status);

        assertEquals(0, machine.statusIn(status));
        assertEquals((byte) 0xee, machine.ram.getByte(DATA + 6));
        assertEquals(0, used.length(), "the first writable byte was not written, so none may be counted");
    }

    @Test
    void aChainMayBeInAnIndirectTable() {
        machine.disk.content().fill(0, 512, (byte) 8);
        final Buffer status = machine.status();

        final Used used = run(ring.table(HEADER, machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), status));

        assertEquals(513, used.length());
        assertEquals(0, machine.statusIn(status));
        assertEquals(8, machine.ram.getByte(DATA));
    }

    @Test
    void aSplitChainMayEndInAnIndirectTable() {
        assumeTrue(form == Form.SPLIT, "in a packed ring the two do not mix");
        machine.disk.content().fill(0, 512, (byte) 8);
        final Buffer status = machine.status();

        run(machine.header(Machine.IN, 0), ring.table(HEADER, Buffer.writable(DATA, 512), status));

        assertEquals(0, machine.statusIn(status));
        assertEquals(8, machine.ram.getByte(DATA));
    }

    @Test
    void theWriteFlagOfAnIndirectDescriptorIsIgnored() {
        final Buffer status = machine.status();
        final Buffer table = ring.table(HEADER, machine.header(Machine.FLUSH_REQUEST, 0), status);

        run(new Buffer(table.address(), table.length(), GuestRing.INDIRECT | GuestRing.WRITE));

        assertEquals(0, machine.statusIn(status));
    }

    @Test
    void anIndirectTableMayBeLongerThanTheQueue() {
        machine.disk.content().fill(0, 64 * 512, (byte) 3);
        final Buffer[] buffers = new Buffer[66];
        buffers[0] = machine.header(Machine.IN, 0);
        for (int i = 1; i < 65; i++) {
            buffers[i] = Buffer.writable(DATA + 512 * i, 512);
        }
        buffers[65] = machine.status();

        final Used used = run(ring.table(HEADER, buffers));

        assertEquals(0, machine.statusIn(buffers[65]));
        assertEquals(64 * 512 + 1, used.length());
    }
}
