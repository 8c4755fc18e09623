package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.request.Status;
import io.drivebay.virtio.GuestEvents;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** VT4, VT1, V1, V2, G8, B10: another disk, or another length, under a driver that goes on working. */
final class HotSwapTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int CONFIG_INTERRUPT = 2;

    private final Machine machine = new Machine(BlkOptions.of("vda"), HeldDisk.filled(Machine.DISK_BYTES, 'A'), 256);
    private final GuestRing ring = machine.start(Machine.USUAL, 64);

    @AfterEach
    void close() {
        machine.close();
    }

    private Buffer offerRead(final int data) {
        final Buffer status = machine.status();
        ring.offer(machine.header(Machine.IN, 0), Buffer.writable(data, 512), status);
        return status;
    }

    private void change(final HeldDisk to) throws BlockException {
        machine.layer.changeMedium(machine.backend, machine.node("B", to));
    }

    @Test
    void whatWasSubmittedEndsOnTheOldDiskAndWhatWaitsInTheQueueOnTheNew() throws BlockException {
        machine.disk.hold(true);
        offerRead(DATA);
        machine.kickAndRun();
        machine.context.execute(() -> {
            machine.disk.hold(false);
            machine.disk.releaseAll();
        });
        machine.whileDrained(() -> {
            offerRead(DATA + 512);
            machine.kickAndRun();

            change(HeldDisk.filled(Machine.DISK_BYTES, 'B'));
            assertEquals(0, machine.ram.getByte(DATA + 512));
        });

        assertEquals('A', machine.ram.getByte(DATA));
        assertEquals('B', machine.ram.getByte(DATA + 512));
        assertEquals(2, ring.usedIndex());
    }

    @Test
    void aNewCapacityIsReadableBeforeTheGuestIsTold() throws BlockException {
        final int before = machine.get(Machine.CONFIG_GENERATION);
        final List<String> told = new ArrayList<>();
        machine.device.connect(recorder(told));

        change(HeldDisk.filled(2 * Machine.DISK_BYTES, 'B'));

        final int after = machine.get(Machine.CONFIG_GENERATION);
        assertNotEquals(before, after);
        assertEquals(List.of("config " + 2 * Machine.DISK_BYTES / 512 + " generation " + after), told);
    }

    private GuestEvents recorder(final List<String> told) {
        return new GuestEvents() {
            @Override
            public void queueUsed(final int queue) {
                told.add("used");
            }

            @Override
            public void configChanged() {
                told.add("config " + machine.config(0, 8) + " generation " + machine.get(Machine.CONFIG_GENERATION));
            }

            @Override
            public void needsReset(final String why) {
                told.add(why);
            }
        };
    }

    @Test
    void requestsThatWaitedRunAfterTheGuestWasTold() throws BlockException {
        final List<String> told = new ArrayList<>();
        machine.device.connect(recorder(told));
        machine.whileDrained(() -> {
            offerRead(DATA);
            machine.kickAndRun();
            change(HeldDisk.filled(2 * Machine.DISK_BYTES, 'B'));
        });

        assertEquals(2, told.size());
        assertTrue(told.get(0).startsWith("config"));
        assertEquals("used", told.get(1));
    }

    @Test
    void theGuestIsInterruptedForANewCapacityOnly() throws BlockException {
        change(HeldDisk.filled(Machine.DISK_BYTES, 'B'));
        assertFalse(machine.line);

        machine.layer.changeMedium(machine.backend, machine.node("C", new HeldDisk(2 * Machine.DISK_BYTES)));
        assertEquals(CONFIG_INTERRUPT, machine.get(Machine.INTERRUPT_STATUS));
    }

    @Test
    void aDriverThatIsNotReadyIsNotInterrupted() throws BlockException {
        machine.negotiate(Machine.USUAL);

        change(HeldDisk.filled(2 * Machine.DISK_BYTES, 'B'));

        assertEquals(0, machine.get(Machine.INTERRUPT_STATUS));
        assertEquals(2 * Machine.DISK_BYTES / 512, machine.config(0, 8));
    }

    @Test
    void aRequestThatTheChangeOvertookGoesToTheNewDisk() {
        machine.disk.fail(Status.MEDIUM_CHANGED, 3);
        final Buffer status = offerRead(DATA);

        machine.kickAndRun();

        assertEquals(0, machine.statusIn(status));
        assertEquals('A', machine.ram.getByte(DATA));
        assertEquals(4, machine.disk.seen().size());
    }

    @Test
    void aRequestFollowsADiskThatChangesAllTheTimeOnlySoFar() {
        machine.disk.fail(Status.MEDIUM_CHANGED);
        final Buffer status = offerRead(DATA);

        machine.kickAndRun();

        assertEquals(1, machine.statusIn(status));
        assertEquals(17, machine.disk.seen().size());
    }

    @Test
    void aDiskOfAnotherLengthAnnouncesItsLength() throws BlockException {
        machine.disk.length(Machine.DISK_BYTES / 2);
        machine.whileDrained(() -> machine.context.run(machine.backend::childResized));

        assertEquals(Machine.DISK_BYTES / 1024, machine.config(0, 8));
        assertEquals(CONFIG_INTERRUPT, machine.get(Machine.INTERRUPT_STATUS));
    }

    @Test
    void requestsBeyondAShorterDiskFail() throws BlockException {
        change(HeldDisk.filled(4096, 'B'));
        final Buffer status = machine.status();
        ring.offer(machine.header(Machine.IN, 8), Buffer.writable(DATA, 512), status);

        machine.kickAndRun();

        assertEquals(1, machine.statusIn(status));
        assertEquals(8, machine.config(0, 8));
    }

    // ---- whether a medium fits ----

    private static void assertMisfit(final Machine to, final HeldDisk disk, final String why) throws BlockException {
        final BlockException refusal =
                assertThrows(BlockException.class, () -> to.device.checkMedium(to.node("misfit", disk)));

        assertEquals(Kind.WRONG_STATE, refusal.kind());
        assertTrue(refusal.toString().contains(why), refusal.toString());
    }

    @Test
    void aReadOnlyDiskDoesNotFitAWritableDevice() throws BlockException {
        assertMisfit(machine, new HeldDisk(4096).readOnlyDisk(), "promised a writable disk");
    }

    @Test
    void aWritableDiskDoesNotFitADeviceThatIsReadOnlyBecauseOfItsDisk() throws BlockException {
        try (Machine other = new Machine(BlkOptions.of("vdb"), new HeldDisk(4096).readOnlyDisk(), 16)) {
            assertMisfit(other, new HeldDisk(4096), "promised a read-only disk");
        }
    }

    @Test
    void everyDiskFitsADeviceThatIsReadOnlyByItself() throws BlockException {
        try (Machine other = new Machine(BlkOptions.of("vdb").withReadOnly(true))) {
            other.device.checkMedium(other.node("writable", new HeldDisk(4096)));
            other.device.checkMedium(other.node("readonly", new HeldDisk(4096).readOnlyDisk()));
        }
    }

    @Test
    void aDiskOfOtherBlocksDoesNotFit() throws BlockException {
        try (Machine other = new Machine(BlkOptions.of("vdb").withBlockBytes(0))) {
            assertMisfit(
                    other,
                    new HeldDisk(8192).limits(BlockLimits.UNLIMITED.withAlignment(4096)),
                    "blocks are of 4096 bytes");
        }
    }

    @Test
    void aDiskWhoseLengthIsNoMultipleOfTheBlockDoesNotFit() throws BlockException {
        try (Machine other = new Machine(BlkOptions.of("vdb").withBlockBytes(4096))) {
            assertMisfit(other, new HeldDisk(4096 + 512), "no multiple of 4096");
        }
    }

    @Test
    void aDiskLikeThePresentOneFits() throws BlockException {
        machine.device.checkMedium(machine.node("fits", new HeldDisk(4096)));
    }
}
