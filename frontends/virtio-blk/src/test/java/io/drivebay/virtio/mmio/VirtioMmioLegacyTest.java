package io.drivebay.virtio.mmio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.Machine;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Version 1 of the registers (virtio 1.2, 4.2.4), offset by offset. */
final class VirtioMmioLegacyTest {
    private static final int SIZE = 64;
    private static final int PAGE_SIZE = 0x28;
    private static final int ALIGN = 0x3c;
    private static final int PFN = 0x40;
    private static final int FLUSH = 1 << 9;
    private static final int ANY_LAYOUT = 1 << 27;

    private final Machine machine = new Machine(BlkOptions.of("vda").withQueues(2, SIZE));
    private final VirtioMmio mmio = VirtioMmio.legacy(machine.device, level -> line = level);
    private boolean line;

    @AfterEach
    void close() {
        machine.close();
    }

    private int get(final int register) {
        return (int) mmio.read(register, 4);
    }

    private void set(final int register, final int value) {
        mmio.write(register, 4, Integer.toUnsignedLong(value));
    }

    private GuestRing enable(final int queue) {
        final GuestRing ring = GuestRing.legacy(machine.ram, 0x8000 * (queue + 1), SIZE);
        set(Machine.QUEUE_SEL, queue);
        set(Machine.QUEUE_NUM, SIZE);
        set(ALIGN, 4096);
        set(PFN, ring.descriptors() / 4096);
        return ring;
    }

    /** As an old driver does: page size first, then the reset. */
    private GuestRing start(final int features) {
        set(PAGE_SIZE, 4096);
        set(Machine.STATUS, 0);
        set(Machine.STATUS, 1);
        set(Machine.STATUS, 3);
        set(Machine.DRIVER_FEATURES_SEL, 0);
        set(Machine.DRIVER_FEATURES, features);
        final GuestRing ring = enable(0);
        set(Machine.STATUS, 7);
        machine.context.runUntilIdle();
        return ring;
    }

    private void readSector(final GuestRing ring, final int queue) {
        final Buffer status = machine.status();
        ring.offer(machine.header(Machine.IN, 0), Buffer.writable(Machine.BUFFERS, 512), status);
        set(Machine.QUEUE_NOTIFY, queue);
        machine.context.runUntilIdle();
        assertNotNull(ring.poll());
        assertEquals(0, machine.statusIn(status));
    }

    @Test
    void theDeviceSaysWhatItIs() {
        assertEquals(0x74726976, get(Machine.MAGIC));
        assertEquals(1, get(0x04));
        assertEquals(2, get(0x08));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x044, 0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4, 0x0b0, 0x0b4, 0x0fc, 0x018, 0x068})
    void registersOfVersion2AreNotThere(final int offset) {
        set(offset, -1);

        assertEquals(0, get(offset));
    }

    @ParameterizedTest
    @ValueSource(ints = {PAGE_SIZE, ALIGN, 0x038, 0x020, 0x050})
    void writeOnlyRegistersReadZero(final int offset) {
        mmio.write(offset, 4, 4096);

        assertEquals(0, get(offset));
    }

    @Test
    void featuresAreThirtyTwoBits() {
        assertEquals(FLUSH | ANY_LAYOUT, get(Machine.DEVICE_FEATURES) & (FLUSH | ANY_LAYOUT));
        set(Machine.DEVICE_FEATURES_SEL, 1);
        assertEquals(0, get(Machine.DEVICE_FEATURES));
        set(Machine.DRIVER_FEATURES_SEL, 1);
        set(Machine.DRIVER_FEATURES, -1);

        readSector(start(FLUSH), 0);
    }

    @Test
    void aRequestIsServedAndTheInterruptStaysUntilAcknowledged() {
        final GuestRing ring = start(0);

        readSector(ring, 0);

        assertTrue(line);
        assertEquals(1, get(Machine.INTERRUPT_STATUS));
        set(Machine.INTERRUPT_ACK, 1);
        assertFalse(line);
        assertEquals(7, get(Machine.STATUS));
    }

    @Test
    void aQueueIsWhereItsPageNumberSaysUntilThatIsZero() {
        start(0);
        final GuestRing second = enable(1);
        assertEquals(second.descriptors() / 4096, get(PFN));
        readSector(second, 1);

        set(PFN, 0);

        assertEquals(0, get(PFN));
        set(Machine.QUEUE_SEL, 0);
        assertTrue(get(PFN) != 0);
        set(Machine.QUEUE_SEL, 2);
        set(PFN, 1);
        assertEquals(0, get(PFN));
        assertEquals(0, get(Machine.QUEUE_NUM_MAX));
    }

    @Test
    void withoutAPageSizeThereIsNoQueue() {
        set(Machine.STATUS, 3);
        enable(0);

        assertEquals(0, get(PFN));
        assertEquals(3, get(Machine.STATUS));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 3, 4097, Integer.MIN_VALUE})
    void sizesThatAreNoPowerOfTwoAreIgnored(final int bytes) {
        set(PAGE_SIZE, 4096);
        set(ALIGN, 4096);
        set(PAGE_SIZE, bytes);
        set(ALIGN, bytes);

        readSector(start(0), 0);
    }

    @Test
    void theSmallestPagesWillDo() {
        set(PAGE_SIZE, 16);
        set(Machine.STATUS, 3);
        final GuestRing ring = GuestRing.legacy(machine.ram, 0x10000, SIZE);
        set(Machine.QUEUE_SEL, 0);
        set(Machine.QUEUE_NUM, SIZE);
        set(ALIGN, 4096);
        set(PFN, 0x1000);
        set(Machine.STATUS, 7);
        machine.context.runUntilIdle();

        readSector(ring, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyAccessInAnyOrderIsAnswered(final long seed) {
        machine.disk.quiet();
        final Random random = new Random(seed);
        final int[] values = {0, 1, 3, 7, 16, SIZE, 4096, 65536, -1};
        for (int i = 0; i < 20_000; i++) {
            final int offset = random.nextInt(0x210) & (random.nextInt(8) == 0 ? -1 : ~3);
            final int width = random.nextInt(8) == 0 ? 1 << random.nextInt(4) : 4;
            if (random.nextBoolean()) {
                mmio.read(offset, width);
            } else {
                mmio.write(offset, width, values[random.nextInt(values.length)] & 0xffff_ffffL);
            }
            if (i % 64 == 0) {
                machine.context.runUntilIdle();
            }
        }
        machine.ram.fill(0, Machine.BUFFERS, (byte) 0);
        readSector(start(0), 0);
    }
}
