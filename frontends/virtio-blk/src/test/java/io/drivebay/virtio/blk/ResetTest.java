package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.request.Status;
import io.drivebay.virtio.testguest.GuestQueue;
import io.drivebay.virtio.testguest.GuestQueue.Form;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** V11, V12, G5, G6: what a reset leaves behind, and when it is over. */
final class ResetTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int UNTOUCHED = 0xee;

    private final Machine machine = new Machine(BlkOptions.of("vda").withQueues(2, 256));
    private final GuestRing ring = machine.start(Machine.USUAL, 16);

    @AfterEach
    void close() {
        machine.close();
    }

    private Buffer offerRead(final GuestRing to) {
        final Buffer status = machine.status();
        to.offer(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), status);
        return status;
    }

    private void assertWorks() {
        final GuestRing fresh = machine.start(Machine.USUAL, 16);
        final Buffer status = offerRead(fresh);
        machine.kickAndRun();
        assertEquals(new GuestRing.Used(0, 513), fresh.poll());
        assertEquals(0, machine.statusIn(status));
    }

    @Test
    void aResetWaitsForWhatTheDiskStillCarriesOut() {
        final Buffer status = offerRead(ring);
        machine.kick(0);

        machine.set(Machine.STATUS, 0);

        assertEquals(0, machine.get(Machine.STATUS));
        assertEquals(1, machine.disk.seen().size());
        assertNull(ring.poll());
        assertEquals(UNTOUCHED, machine.statusIn(status));
        machine.context.runUntilIdle();
        assertNull(ring.poll());
        assertFalse(machine.line);
        assertWorks();
    }

    @Test
    void theStatusReadsZeroOnlyWhenADiskThatHangsHasAnswered() {
        machine.disk.hold(true);
        final Buffer status = offerRead(ring);
        machine.kickAndRun();

        machine.set(Machine.STATUS, 0);
        assertNotEquals(0, machine.get(Machine.STATUS));
        machine.disk.hold(false);
        machine.disk.releaseAll();

        assertEquals(0, machine.get(Machine.STATUS));
        machine.context.runUntilIdle();
        assertNull(ring.poll());
        assertEquals(UNTOUCHED, machine.statusIn(status));
        assertFalse(machine.line);
        assertWorks();
    }

    @Test
    void nothingIsAcceptedWhileAResetGoesOn() {
        machine.disk.hold(true);
        offerRead(ring);
        machine.kickAndRun();
        machine.set(Machine.STATUS, 0);

        machine.set(Machine.STATUS, 1);
        machine.set(Machine.STATUS, 0);
        machine.enable(1, 16);
        offerRead(ring);
        machine.kickAndRun();

        assertEquals(0, machine.get(Machine.QUEUE_READY));
        assertEquals(1, machine.disk.heldRequests());
        machine.disk.releaseAll();
        assertEquals(0, machine.get(Machine.STATUS));
    }

    @Test
    void aPackedRingIsForgottenWithItsRequests() {
        machine.set(Machine.STATUS, 0);
        final GuestQueue packed = machine.start(Machine.USUAL, 16, Form.PACKED);
        packed.offer(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), machine.status());
        machine.kick(0);

        machine.set(Machine.STATUS, 0);

        assertEquals(0, machine.get(Machine.STATUS));
        assertNull(packed.poll());
        final GuestQueue fresh = machine.start(Machine.USUAL, 16, Form.PACKED);
        fresh.offer(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), machine.status());
        machine.kickAndRun();
        assertEquals(new GuestRing.Used(0, 513), fresh.poll());
        assertWorks();
    }

    @Test
    void aResetInTheContextItselfDoesNotWaitForItself() {
        machine.disk.hold(true);
        offerRead(ring);
        machine.kickAndRun();

        machine.context.run(() -> machine.set(Machine.STATUS, 0));
        assertNotEquals(0, machine.get(Machine.STATUS));
        machine.disk.hold(false);
        machine.disk.releaseAll();

        assertEquals(0, machine.get(Machine.STATUS));
        assertWorks();
    }

    @Test
    void aResetClearsInterruptsAndQueues() {
        offerRead(ring);
        machine.kickAndRun();
        assertEquals(1, machine.get(Machine.INTERRUPT_STATUS));

        machine.set(Machine.STATUS, 0);

        assertEquals(0, machine.get(Machine.INTERRUPT_STATUS));
        assertFalse(machine.line);
        machine.set(Machine.QUEUE_SEL, 0);
        assertEquals(0, machine.get(Machine.QUEUE_READY));
    }

    @Test
    void aResetForgetsAnswersThatNeverReachedTheDisk() {
        final Buffer status = machine.status();
        ring.offer(machine.header(77, 0), status);
        machine.kick(0);

        machine.set(Machine.STATUS, 0);

        assertNull(ring.poll());
        assertEquals(UNTOUCHED, machine.statusIn(status));
        assertWorks();
    }

    @Test
    void aResetOfADeviceThatWasNeverStartedIsDoneAtOnce() {
        machine.set(Machine.STATUS, 0);
        machine.set(Machine.STATUS, 0);

        assertEquals(0, machine.get(Machine.STATUS));
        assertWorks();
    }

    @Test
    void aQueueThatIsNoLongerReadyIsLeftAlone() {
        final GuestRing second = machine.enable(1, 16);
        offerRead(ring);
        machine.kick(0);

        machine.set(Machine.QUEUE_SEL, 0);
        machine.set(Machine.QUEUE_READY, 0);
        final Buffer status = offerRead(second);
        machine.kick(1);
        machine.context.runUntilIdle();

        assertEquals(0, machine.get(Machine.QUEUE_READY));
        assertNull(ring.poll());
        assertNotNull(second.poll());
        assertEquals(0, machine.statusIn(status));
    }

    @Test
    void aQueueStaysReadyUntilItsLastRequestHasEnded() {
        machine.disk.hold(true);
        offerRead(ring);
        machine.kickAndRun();
        machine.set(Machine.QUEUE_SEL, 0);

        machine.set(Machine.QUEUE_READY, 0);
        assertEquals(1, machine.get(Machine.QUEUE_READY));
        machine.disk.hold(false);
        machine.disk.releaseAll();

        assertEquals(0, machine.get(Machine.QUEUE_READY));
        final GuestRing fresh = machine.enable(0, 16);
        offerRead(fresh);
        machine.kickAndRun();
        assertEquals(new GuestRing.Used(0, 513), fresh.poll());
    }

    @Test
    void aDeviceThatIsUnpluggedForgetsWhatWaitsForRoom() throws BlockException {
        try (Machine other = new Machine(BlkOptions.of("vdb"), new HeldDisk(Machine.DISK_BYTES), 2)) {
            final GuestRing otherRing = other.start(Machine.USUAL, 64);
            other.disk.hold(true);
            otherRing.offer(other.header(Machine.IN, 0), Buffer.writable(DATA, 512), other.status());
            other.kickAndRun();
            for (int i = 0; i < 2; i++) {
                otherRing.offer(other.header(Machine.IN, 0), Buffer.writable(DATA, 512), other.status());
            }
            other.kick(0);
            other.disk.fail(Status.MEDIUM_CHANGED, 1);
            other.context.execute(other.disk::releaseAll);
            other.disk.hold(false);

            other.whileDrained(other.device::detach);

            assertFalse(other.device.queueEnabled(0));
            assertNull(otherRing.poll());
        }
    }

    @Test
    @Timeout(60)
    void aResetWaitsForAContextWithAThreadOfItsOwn() {
        final IoContext running = new IoContext("running", SystemClock.INSTANCE, new ParkPort()).start();
        try (Machine other = new Machine(running, BlkOptions.of("vdb"), new HeldDisk(Machine.DISK_BYTES).quiet(), 16)) {
            for (int round = 0; round < 100; round++) {
                other.negotiate(Machine.USUAL);
                final GuestRing otherRing = other.enable(0, 64);
                other.driverOk();
                final Buffer status = other.status();
                for (int i = 0; i < 16; i++) {
                    otherRing.offer(other.header(Machine.OUT, i), Buffer.readable(DATA, 512), status);
                }
                other.kick(0);

                other.set(Machine.STATUS, 0);

                assertEquals(0, other.get(Machine.STATUS));
                final int used = otherRing.usedIndex();
                other.ram.putByte((int) status.address(), (byte) UNTOUCHED);
                running.run(() -> {});
                assertEquals(used, otherRing.usedIndex());
                assertEquals(UNTOUCHED, other.statusIn(status));
            }
        }
    }
}
