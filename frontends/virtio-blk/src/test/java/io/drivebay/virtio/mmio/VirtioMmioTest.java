package io.drivebay.virtio.mmio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.Machine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** X1: the registers, offset by offset. */
final class VirtioMmioTest {
    private final Machine machine = new Machine(BlkOptions.of("vda").withQueues(2, 128));

    @AfterEach
    void close() {
        machine.close();
    }

    private void runOne(final GuestRing ring) {
        ring.offer(machine.header(Machine.FLUSH_REQUEST, 0), machine.status());
        machine.kickAndRun();
        assertNotNull(ring.poll());
    }

    @Test
    void theDeviceSaysWhatItIs() {
        assertEquals(0x74726976, machine.get(Machine.MAGIC));
        assertEquals(2, machine.get(0x04));
        assertEquals(2, machine.get(0x08));
        assertEquals(0x200, machine.mmio.windowBytes());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                0x018,
                0x01c,
                0x028,
                0x02c,
                0x03c,
                0x040,
                0x048,
                0x04c,
                0x054,
                0x058,
                0x05c,
                0x068,
                0x06c,
                0x074,
                0x0f8,
                -4,
                -1,
                Integer.MIN_VALUE
            })
    void unknownOffsetsReadZeroAndIgnoreWrites(final int offset) {
        machine.set(offset, -1);

        assertEquals(0, machine.get(offset));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x014, 0x020, 0x024, 0x030, 0x038, 0x050, 0x064, 0x080, 0x084, 0x090, 0x094, 0x0a0, 0x0a4})
    void writeOnlyRegistersReadZero(final int offset) {
        machine.mmio.write(offset, 4, 1);

        assertEquals(0, machine.get(offset));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x000, 0x004, 0x008, 0x00c, 0x010, 0x034, 0x060, 0x0fc})
    void readOnlyRegistersIgnoreWrites(final int offset) {
        final int before = machine.get(offset);

        machine.set(offset, ~before);

        assertEquals(before, machine.get(offset));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 8})
    void registersHaveThirtyTwoBitsOnly(final int widthBytes) {
        assertEquals(0, machine.mmio.read(Machine.MAGIC, widthBytes));

        machine.mmio.write(Machine.STATUS, widthBytes, 1);
        assertEquals(0, machine.get(Machine.STATUS));
    }

    @Test
    void registersAreNotFoundBetweenWords() {
        assertEquals(0, machine.mmio.read(2, 4));
        assertEquals(0, machine.mmio.read(Machine.CONFIG - 2, 4));
    }

    @Test
    void theConfigurationSpaceHasEveryWidth() {
        final long sectors = Machine.DISK_BYTES / 512;
        assertEquals(sectors, machine.mmio.read(Machine.CONFIG, 8));
        assertEquals(sectors, machine.mmio.read(Machine.CONFIG, 4));
        assertEquals(sectors, machine.mmio.read(Machine.CONFIG, 2));
        assertEquals(sectors >> 8, machine.mmio.read(Machine.CONFIG + 1, 1));
        assertEquals(0, machine.mmio.read(0x1fc, 8));
        assertEquals(0, machine.mmio.read(Integer.MAX_VALUE, 4));
    }

    @Test
    void featuresAreReadByHalves() {
        machine.set(Machine.DEVICE_FEATURES_SEL, 1);
        assertEquals(1, machine.get(Machine.DEVICE_FEATURES) & 1);

        machine.set(Machine.DEVICE_FEATURES_SEL, 2);
        assertEquals(0, machine.get(Machine.DEVICE_FEATURES));
        machine.set(Machine.DEVICE_FEATURES_SEL, -1);
        assertEquals(0, machine.get(Machine.DEVICE_FEATURES));
    }

    @Test
    void aQueueThatDoesNotExistHasSizeZeroAndIsNeverReady() {
        machine.negotiate(Machine.USUAL);
        machine.set(Machine.QUEUE_SEL, 1);
        assertEquals(128, machine.get(Machine.QUEUE_NUM_MAX));

        machine.set(Machine.QUEUE_SEL, 2);
        machine.set(Machine.QUEUE_READY, 1);

        assertEquals(0, machine.get(Machine.QUEUE_NUM_MAX));
        assertEquals(0, machine.get(Machine.QUEUE_READY));
        machine.set(Machine.QUEUE_SEL, -1);
        assertEquals(0, machine.get(Machine.QUEUE_NUM_MAX));
    }

    @Test
    void notificationsOfQueuesThatAreNotThereAreHarmless() {
        final GuestRing ring = machine.start(Machine.USUAL, 16);

        machine.kick(1);
        machine.kick(2);
        machine.kick(-1);

        runOne(ring);
    }

    @Test
    void aQueueIsReadyWhenEnabledOnly() {
        machine.negotiate(Machine.USUAL);
        machine.set(Machine.QUEUE_SEL, 0);
        assertEquals(0, machine.get(Machine.QUEUE_READY));

        machine.enable(0, 16);

        assertEquals(1, machine.get(Machine.QUEUE_READY));
        machine.set(Machine.QUEUE_SEL, 1);
        assertEquals(0, machine.get(Machine.QUEUE_READY));
    }

    @Test
    void aQueueCannotBeReadyBeforeTheFeaturesAreChosen() {
        machine.set(Machine.STATUS, 3);

        machine.enable(0, 16);

        assertEquals(0, machine.get(Machine.QUEUE_READY));
    }

    @Test
    void aQueueThatIsReadyKeepsItsLayout() {
        final GuestRing ring = machine.start(Machine.USUAL, 16);
        machine.set(Machine.QUEUE_NUM, 3);
        machine.set(0x80, 0x7777);
        machine.set(Machine.QUEUE_READY, 1);
        machine.set(Machine.QUEUE_READY, 2);

        runOne(ring);
        assertEquals(0, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
    }

    @Test
    void addressesHaveSixtyFourBits() {
        machine.negotiate(Machine.USUAL);

        machine.enable(0, 16, 1L << 32, 0x1000, 0x2000);
        machine.context.runUntilIdle();

        assertEquals(Machine.NEEDS_RESET, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
    }

    @Test
    void theInterruptStaysUntilAcknowledged() {
        final GuestRing ring = machine.start(Machine.USUAL, 16);
        runOne(ring);
        assertEquals(1, machine.get(Machine.INTERRUPT_STATUS));
        assertEquals(1, machine.get(Machine.INTERRUPT_STATUS));
        assertTrue(machine.line);

        machine.set(Machine.INTERRUPT_ACK, 2);
        assertTrue(machine.line);
        machine.set(Machine.INTERRUPT_ACK, 1);

        assertEquals(0, machine.get(Machine.INTERRUPT_STATUS));
        assertFalse(machine.line);
    }

    @Test
    void anInterruptThatIsAssertedAlreadyIsNotAssertedAgain() {
        final GuestRing ring = machine.start(Machine.USUAL, 16);

        runOne(ring);
        runOne(ring);

        assertEquals(1, machine.interrupts.get());
        machine.set(Machine.INTERRUPT_ACK, 1);
        runOne(ring);
        assertEquals(2, machine.interrupts.get());
    }

    @Test
    void thereAreNoSharedMemoryRegions() {
        machine.set(0xac, 0);

        assertEquals(-1, machine.get(0xb0));
        assertEquals(-1, machine.get(0xb4));
        assertEquals(-1, machine.get(0xb8));
        assertEquals(-1, machine.get(0xbc));
    }

    // ---- one queue's reset: G9, V12 ----

    @Test
    void aQueueIsResetAlone() {
        final GuestRing ring = machine.start(Machine.USUAL | Machine.RING_RESET, 16);
        final GuestRing second = machine.enable(1, 16);
        machine.disk.hold(true);
        ring.offer(machine.header(Machine.IN, 0), Buffer.writable(Machine.BUFFERS, 512), machine.status());
        machine.kickAndRun();
        machine.set(Machine.QUEUE_SEL, 0);

        machine.set(Machine.QUEUE_RESET, 1);
        assertEquals(1, machine.get(Machine.QUEUE_RESET));
        machine.disk.hold(false);
        machine.disk.releaseAll();

        assertEquals(0, machine.get(Machine.QUEUE_RESET));
        assertEquals(0, machine.get(Machine.QUEUE_READY));
        assertNull(ring.poll());
        assertFalse(machine.line);
        second.offer(machine.header(Machine.FLUSH_REQUEST, 0), machine.status());
        machine.kick(1);
        machine.context.runUntilIdle();
        assertNotNull(second.poll());
    }

    @Test
    void aQueueThatWasResetIsSetUpAnew() {
        machine.start(Machine.USUAL | Machine.RING_RESET, 16);
        machine.set(Machine.QUEUE_SEL, 0);
        machine.set(Machine.QUEUE_RESET, 1);

        final GuestRing fresh = machine.enable(0, 64);

        assertEquals(1, machine.get(Machine.QUEUE_READY));
        assertEquals(0, machine.get(Machine.QUEUE_RESET));
        runOne(fresh);
    }

    @Test
    void theLayoutOfAQueueThatWasResetIsForgotten() {
        machine.start(Machine.USUAL | Machine.RING_RESET, 16);
        machine.set(Machine.QUEUE_SEL, 0);
        machine.set(Machine.QUEUE_RESET, 1);

        machine.set(Machine.QUEUE_READY, 1);
        machine.context.runUntilIdle();

        assertTrue((machine.get(Machine.STATUS) & Machine.NEEDS_RESET) != 0);
    }

    @Test
    void withoutItsFeatureAQueueIsNotResetAlone() {
        final GuestRing ring = machine.start(Machine.USUAL, 16);
        machine.set(Machine.QUEUE_SEL, 0);

        machine.set(Machine.QUEUE_RESET, 1);

        assertEquals(0, machine.get(Machine.QUEUE_RESET));
        runOne(ring);
    }

    // ---- notifications that say more ----

    @Test
    void aNotificationMaySayHowFarTheDriverIs() {
        try (Machine other = new Machine(BlkOptions.of("vdb").withFeatures(Machine.NOTIFICATION_DATA))) {
            final GuestRing ring = other.start(Machine.USUAL | Machine.NOTIFICATION_DATA, 16);
            ring.offer(other.header(Machine.FLUSH_REQUEST, 0), other.status());

            other.set(Machine.QUEUE_NOTIFY, 1 << 16);
            other.context.runUntilIdle();

            assertNotNull(ring.poll());
        }
    }
}
