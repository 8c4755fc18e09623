package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.MediumLifetime;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is offered, what may be chosen, and what the choice does to the write cache. */
final class FeaturesTest {
    private static final long RO = 1L << 5;
    private static final long MQ = 1L << 12;
    private static final int WRITEBACK = Machine.CONFIG + 32;
    private static final int FUA = 1;

    private final Machine machine = new Machine(BlkOptions.of("vda"));

    @AfterEach
    void close() {
        machine.close();
    }

    private long offered(final Machine of) {
        of.set(Machine.DEVICE_FEATURES_SEL, 0);
        final long low = Integer.toUnsignedLong(of.get(Machine.DEVICE_FEATURES));
        of.set(Machine.DEVICE_FEATURES_SEL, 1);
        return low | (long) of.get(Machine.DEVICE_FEATURES) << 32;
    }

    private void write(final Machine to, final GuestRing ring) {
        ring.offer(to.header(Machine.OUT, 0), Buffer.readable(Machine.BUFFERS, 512), to.status());
        to.kickAndRun();
        assertNotNull(ring.poll());
    }

    @Test
    void aWritableDiskOffersWhatTheDeviceHas() {
        final long seen = offered(machine);

        final long disk = 1L << 1 | 1L << 2 | 1L << 4 | 1L << 6 | 1L << 9 | 1L << 10 | 1L << 11 | 1L << 13 | 1L << 14;
        final long rings = Machine.INDIRECT | Machine.EVENT_IDX | Machine.RING_PACKED | Machine.RING_RESET;
        assertEquals(disk | rings | Machine.VERSION_1, seen);
    }

    @Test
    void aReadOnlyDiskOffersRoAndNothingThatWrites() {
        try (Machine other = new Machine(BlkOptions.of("vdb"), new HeldDisk(4096).readOnlyDisk(), 16)) {
            final long seen = offered(other);

            assertEquals(RO, seen & (RO | Machine.DISCARD | Machine.WRITE_ZEROES));
        }
    }

    @Test
    void whatHasAPriceIsOfferedWhenItIsAskedFor() {
        final long asked = Machine.IN_ORDER | Machine.NOTIFICATION_DATA;
        try (Machine other = new Machine(BlkOptions.of("vdb").withFeatures(asked))) {
            assertEquals(asked, offered(other) & asked);
        }
    }

    @Test
    void secureEraseAndLifetimeAreOfferedWhereTheMediumHasThem() {
        final long both = 1L << 15 | 1L << 16;
        final HeldDisk flash = new HeldDisk(4096).erasing().lifetime(new MediumLifetime(1, 2, 3));
        final HeldDisk locked = new HeldDisk(4096).erasing().readOnlyDisk();
        try (Machine other = new Machine(BlkOptions.of("vdb"), flash, 16);
                Machine readOnly = new Machine(BlkOptions.of("vdc"), locked, 16)) {
            assertEquals(both, offered(other) & both);
            assertEquals(0, offered(readOnly) & both);
        }
    }

    @Test
    void severalQueuesOfferMq() {
        try (Machine other = new Machine(BlkOptions.of("vdb").withQueues(4, 64))) {
            assertEquals(MQ, offered(other) & MQ);
            assertEquals(4, other.config(34, 2));
        }
    }

    @Test
    void withoutFlushThereIsNoConfigWce() {
        try (Machine other = new Machine(BlkOptions.of("vdb").withoutFeatures(Machine.FLUSH))) {
            assertEquals(0, offered(other) & (Machine.FLUSH | Machine.CONFIG_WCE));
        }
    }

    @Test
    void featuresThatWereNotOfferedAreRefused() {
        assertEquals(3, machine.negotiate(Machine.VERSION_1 | RO));
        assertEquals(3, machine.negotiate(Machine.VERSION_1 | 1L << 63));
    }

    @Test
    void featuresBeyondBit63AreRefused() {
        machine.set(Machine.STATUS, 3);
        machine.set(Machine.DRIVER_FEATURES_SEL, 1);
        machine.set(Machine.DRIVER_FEATURES, 1);
        machine.set(Machine.DRIVER_FEATURES_SEL, 2);
        machine.set(Machine.DRIVER_FEATURES, 1);

        machine.set(Machine.STATUS, 3 | Machine.FEATURES_OK);

        assertEquals(3, machine.get(Machine.STATUS));
    }

    @Test
    void version1IsNecessary() {
        assertEquals(3, machine.negotiate(Machine.FLUSH));
    }

    @Test
    void aResetAllowsAnotherChoiceAfterARefusal() {
        machine.negotiate(1L << 50);

        assertEquals(3 | Machine.FEATURES_OK, machine.negotiate(Machine.VERSION_1));
        assertEquals(3 | Machine.FEATURES_OK, machine.negotiate(Machine.USUAL));
    }

    @Test
    void theChoiceIsFinalOnceAccepted() {
        machine.negotiate(Machine.VERSION_1);
        machine.set(Machine.DRIVER_FEATURES_SEL, 0);
        machine.set(Machine.DRIVER_FEATURES, (int) Machine.FLUSH);
        final GuestRing ring = machine.enable(0, 16);
        machine.driverOk();
        final Buffer status = machine.status();
        ring.offer(machine.header(Machine.FLUSH_REQUEST, 0), status);

        machine.kickAndRun();

        assertEquals(2, machine.statusIn(status));
    }

    @Test
    void driverOkNeedsFeaturesOk() {
        machine.set(Machine.STATUS, 3 | Machine.DRIVER_OK);

        assertEquals(3, machine.get(Machine.STATUS));
    }

    @Test
    void statusBitsCannotBeTakenBackAndNeedsResetCannotBeSet() {
        machine.negotiate(Machine.VERSION_1);

        machine.set(Machine.STATUS, 1);
        machine.set(Machine.STATUS, 1 | Machine.NEEDS_RESET);

        assertEquals(3 | Machine.FEATURES_OK, machine.get(Machine.STATUS));
    }

    @Test
    void nothingIsTakenBeforeDriverOkAndEverythingAfterIt() {
        machine.negotiate(Machine.USUAL);
        final GuestRing ring = machine.enable(0, 16);
        ring.offer(machine.header(Machine.OUT, 0), Buffer.readable(Machine.BUFFERS, 512), machine.status());
        machine.kickAndRun();
        assertNull(ring.poll());

        machine.driverOk();
        machine.context.runUntilIdle();

        assertNotNull(ring.poll());
    }

    @Test
    void anEmptyBackendIsRefused() throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final IoContext context = IoContext.stepped("empty", new VirtualClock());
            final BlockException refusal = assertThrows(
                    BlockException.class,
                    () -> VirtioBlk.attach(layer.createBackend(context), machine.memory, BlkOptions.of("vdb")));

            assertEquals(Kind.WRONG_STATE, refusal.kind());
        }
    }

    @Test
    void aSecondDeviceIsRefused() {
        final BlockException refusal = assertThrows(
                BlockException.class, () -> VirtioBlk.attach(machine.backend, machine.memory, BlkOptions.of("vdb")));

        assertEquals(Kind.IN_USE, refusal.kind());
    }

    // ---- the write cache: V4, B1, B2, B8, VT7 ----

    @Test
    void aDriverThatFlushesGetsACache() {
        machine.start(Machine.VERSION_1 | Machine.FLUSH, 16);

        assertTrue(machine.backend.writeCache());
    }

    @Test
    void aDriverThatCannotFlushGetsDurableWrites() {
        final GuestRing ring = machine.start(Machine.VERSION_1, 16);

        assertFalse(machine.backend.writeCache());
        write(machine, ring);
        assertEquals("WRITE 0+512 " + FUA, machine.disk.seen().get(0));
    }

    @Test
    void configWceSwitchesTheCacheAtOnce() {
        final GuestRing ring = machine.start(Machine.USUAL | Machine.CONFIG_WCE, 16);
        machine.mmio.write(WRITEBACK, 1, 0);
        write(machine, ring);
        machine.mmio.write(WRITEBACK, 1, 1);
        write(machine, ring);

        assertEquals("WRITE 0+512 " + FUA, machine.disk.seen().get(0));
        assertEquals("WRITE 0+512 0", machine.disk.seen().get(1));
    }

    @Test
    void writebackIsReadOnlyWithoutConfigWce() {
        machine.start(Machine.USUAL, 16);

        machine.mmio.write(WRITEBACK, 1, 0);

        assertEquals(1, machine.config(32, 1));
        assertTrue(machine.backend.writeCache());
    }

    @Test
    void configWceWithoutFlushMeansNoCache() {
        machine.start(Machine.VERSION_1 | Machine.CONFIG_WCE, 16);

        assertEquals(0, machine.config(32, 1));
        assertFalse(machine.backend.writeCache());
        machine.mmio.write(WRITEBACK, 1, 1);
        assertFalse(machine.backend.writeCache());
    }

    @Test
    void aResetRestoresTheOriginalCache() {
        machine.start(Machine.VERSION_1, 16);

        machine.set(Machine.STATUS, 0);

        assertTrue(machine.backend.writeCache());
        assertEquals(1, machine.config(32, 1));
    }
}
