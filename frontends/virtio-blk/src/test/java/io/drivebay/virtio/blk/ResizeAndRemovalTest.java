package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.virtio.GuestEvents;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** V1, V3, VT1, VT2, VT3: the disk grows, shrinks or goes while requests are on their way. */
final class ResizeAndRemovalTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int OK = 0;
    private static final int IO_ERROR = 1;
    private static final int USED_INTERRUPT = 1;

    private final Machine machine = Machine.withDrive(
            IoContext.stepped("test", new VirtualClock()),
            "hd0",
            BlkOptions.of("vda"),
            HeldDisk.filled(2 * Machine.DISK_BYTES, 'A'));
    private final GuestRing ring = machine.start(Machine.USUAL, 64);
    private final List<String> told = new ArrayList<>();

    @AfterEach
    void close() {
        machine.close();
    }

    private Buffer offerRead(final long sector) {
        final Buffer status = machine.status();
        ring.offer(machine.header(Machine.IN, sector), Buffer.writable(DATA, 512), status);
        return status;
    }

    /** Has something happen while the context waits for what is in flight, and what is in flight end after it. */
    private void whileWaiting(final Runnable meanwhile) {
        machine.disk.onDrain(() -> machine.context.execute(() -> {
            meanwhile.run();
            machine.disk.hold(false);
            machine.disk.releaseAll();
        }));
    }

    private BlockNode disk() {
        final BlockNode disk = machine.layer.node("disk");
        assertNotNull(disk);
        return disk;
    }

    private void record() {
        machine.device.connect(new GuestEvents() {
            @Override
            public void queueUsed(final int queue) {
                told.add("used " + ring.usedIndex());
            }

            @Override
            public void configChanged() {
                told.add("capacity " + machine.config(0, 8));
            }

            @Override
            public void needsReset(final String why) {
                told.add(why);
            }
        });
    }

    @Test
    void growingEndsWhatIsInFlightThenTellsTheGuestThenGoesOn() throws BlockException {
        machine.layer.resize(disk(), Machine.DISK_BYTES);
        machine.disk.hold(true);
        final int generation = machine.get(Machine.CONFIG_GENERATION);
        final Buffer inFlight = offerRead(0);
        machine.kickAndRun();
        record();
        final Buffer[] parked = new Buffer[1];
        whileWaiting(() -> {});
        machine.disk.beforeResize(() -> {
            parked[0] = offerRead(Machine.DISK_BYTES / 512);
            machine.kick(0);
        });

        machine.layer.resize(disk(), 2 * Machine.DISK_BYTES);
        machine.context.runUntilIdle();

        assertEquals(List.of("used 1", "capacity " + 2 * Machine.DISK_BYTES / 512, "used 2"), told);
        assertEquals(OK, machine.statusIn(inFlight));
        assertEquals(OK, machine.statusIn(parked[0]));
        assertEquals(generation + 1, machine.get(Machine.CONFIG_GENERATION));
    }

    @Test
    void afterShrinkingARequestThatWaitedIsHeldAgainstTheNewEnd() throws BlockException {
        machine.disk.hold(true);
        final Buffer inFlight = offerRead(Machine.DISK_BYTES / 512);
        machine.kickAndRun();
        final Buffer[] parked = new Buffer[1];
        whileWaiting(() -> {});
        machine.disk.beforeResize(() -> {
            parked[0] = offerRead(Machine.DISK_BYTES / 512);
            machine.kick(0);
        });

        machine.layer.resize(disk(), Machine.DISK_BYTES);
        machine.context.runUntilIdle();

        assertEquals(OK, machine.statusIn(inFlight));
        assertEquals(IO_ERROR, machine.statusIn(parked[0]));
        assertEquals(1, machine.backend.statistics().present().invalidOperations());
        assertEquals(Machine.DISK_BYTES / 512, machine.config(0, 8));
    }

    @Test
    void aDriveThatIsDeletedUnderLoadEndsItsRequestsAndFailsThoseThatWaited() throws BlockException {
        machine.disk.hold(true);
        final List<Buffer> inFlight = List.of(offerRead(0), offerRead(1), offerRead(2));
        machine.kickAndRun();
        final Buffer[] parked = new Buffer[1];
        whileWaiting(() -> {
            parked[0] = offerRead(3);
            machine.kick(0);
        });

        machine.layer.deleteDrive("hd0");
        machine.context.runUntilIdle();

        inFlight.forEach(status -> assertEquals(OK, machine.statusIn(status)));
        assertEquals(IO_ERROR, machine.statusIn(parked[0]));
        assertEquals(4, ring.usedIndex());
        assertEquals(3, machine.disk.seen().size());
        assertEquals(USED_INTERRUPT, machine.get(Machine.INTERRUPT_STATUS));
        assertEquals(2 * Machine.DISK_BYTES / 512, machine.config(0, 8));
        assertEquals(0, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
    }

    @Test
    void theNameOfADeletedDriveIsFreeAndItsDeviceStays() throws BlockException {
        machine.layer.deleteDrive("hd0");

        assertNull(machine.layer.backend("hd0"));
        final BlockBackend next = machine.layer.addDrive("hd0", machine.context, null);
        final Buffer status = offerRead(0);
        machine.kickAndRun();
        assertEquals(IO_ERROR, machine.statusIn(status));
        assertEquals(machine.device, machine.backend.device());
        machine.layer.deleteDrive("hd0");
        assertNull(next.device());
    }
}
