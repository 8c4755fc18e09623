package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.virtio.testguest.GuestQueue;
import io.drivebay.virtio.testguest.GuestQueue.Form;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.Machine;
import io.drivebay.virtio.testguest.PackedGuestRing;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** S4, K3, G2: what leaves no sense in the ring itself makes the device need a reset, and a reset mends it. */
final class CorruptRingTest {
    private static final int CONFIG_INTERRUPT = 2;
    private static final int DATA = Machine.BUFFERS;

    private final Machine machine = new Machine(BlkOptions.of("vda").withQueues(2, 256));
    private final GuestRing ring = machine.start(Machine.USUAL, 16);

    @AfterEach
    void close() {
        machine.close();
    }

    private void assertNeedsReset() {
        machine.kickAndRun();
        assertTrue((machine.get(Machine.STATUS) & Machine.NEEDS_RESET) != 0);
        assertEquals(CONFIG_INTERRUPT, machine.get(Machine.INTERRUPT_STATUS));
        assertTrue(machine.line);
        assertResetMends();
    }

    private void assertResetMends() {
        machine.set(Machine.STATUS, 0);
        assertEquals(0, machine.get(Machine.STATUS));
        final GuestRing fresh = machine.start(Machine.USUAL, 16);
        final Buffer status = machine.status();
        fresh.offer(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), status);
        machine.kickAndRun();
        assertNotNull(fresh.poll());
        assertEquals(0, machine.statusIn(status));
    }

    @Test
    void anAvailableIndexThatJumpsFurtherThanTheQueueIsLong() {
        ring.availableIndex(17);

        assertNeedsReset();
    }

    @Test
    void anAvailableIndexThatGoesBack() {
        ring.availableIndex(-1);

        assertNeedsReset();
    }

    @Test
    void aHeadBeyondTheQueue() {
        ring.offerHead(16);

        assertNeedsReset();
    }

    @Test
    void aLinkBeyondTheQueue() {
        ring.descriptor(0, DATA, 16, GuestRing.NEXT, 16);
        ring.offerHead(0);

        assertNeedsReset();
    }

    @Test
    void aLoopOfDescriptors() {
        ring.descriptor(0, DATA, 16, GuestRing.NEXT, 1);
        ring.descriptor(1, DATA, 16, GuestRing.NEXT, 0);
        ring.offerHead(0);

        assertNeedsReset();
    }

    @Test
    void aHeadThatIsMadeAvailableWhileItIsInUse() {
        machine.disk.hold(true);
        final int head = ring.offer(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), machine.status());
        ring.offerHead(head);
        machine.kickAndRun();
        machine.disk.hold(false);
        machine.disk.releaseAll();

        assertTrue((machine.get(Machine.STATUS) & Machine.NEEDS_RESET) != 0);
        machine.context.runUntilIdle();
        assertResetMends();
    }

    @Test
    void ringsOutsideMemory() {
        machine.enable(1, 16, Machine.RAM_BYTES, 0, 0);

        assertNeedsReset();
    }

    @Test
    void ringsAcrossTheEndOfMemory() {
        machine.enable(1, 16, 0, 0, Machine.RAM_BYTES - 64);

        assertNeedsReset();
    }

    @Test
    void ringsThatAreMisaligned() {
        machine.enable(1, 16, 0x1000, 0x2001, 0x3000);

        assertNeedsReset();
    }

    @Test
    void aQueueSizeThatIsNoPowerOfTwo() {
        machine.enable(1, 12, 0x10000, 0x11000, 0x12000);

        assertNeedsReset();
    }

    @Test
    void aQueueSizeBeyondTheDevicesLimit() {
        machine.enable(1, 512, 0x10000, 0x14000, 0x18000);

        assertNeedsReset();
    }

    private void assertPackedNeedsReset(final Consumer<PackedGuestRing> corruption) {
        machine.set(Machine.STATUS, 0);
        corruption.accept((PackedGuestRing) machine.start(Machine.USUAL, 16, Form.PACKED));

        assertNeedsReset();
    }

    @Test
    void aPackedChainWithoutAnEnd() {
        final Buffer nothing = Buffer.readable(DATA, 1);
        assertPackedNeedsReset(packed -> IntStream.range(0, 16)
                .forEach(i -> packed.descriptor(i, nothing, 0, PackedGuestRing.AVAILABLE | GuestRing.NEXT)));
    }

    @Test
    void aPackedChainOfWhichAPartIsMissing() {
        assertPackedNeedsReset(packed ->
                packed.descriptor(0, Buffer.readable(DATA, 1), 0, PackedGuestRing.AVAILABLE | GuestRing.NEXT));
    }

    @Test
    void aBufferIdBeyondThePackedQueue() {
        assertPackedNeedsReset(packed -> packed.descriptor(0, Buffer.readable(DATA, 1), 16, PackedGuestRing.AVAILABLE));
    }

    @Test
    void aBufferIdThatIsMadeAvailableWhileItIsInUse() {
        machine.set(Machine.STATUS, 0);
        final GuestQueue packed = machine.start(Machine.USUAL, 16, Form.PACKED);
        machine.disk.hold(true);
        packed.offerAs(3, machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), machine.status());
        packed.offerAs(3, machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), machine.status());
        machine.kickAndRun();
        machine.disk.hold(false);
        machine.disk.releaseAll();

        assertTrue((machine.get(Machine.STATUS) & Machine.NEEDS_RESET) != 0);
        machine.context.runUntilIdle();
        assertResetMends();
    }

    @Test
    void nothingIsTakenUntilTheReset() {
        ring.offerHead(16);
        machine.kickAndRun();
        ring.availableHead(0, 0);
        ring.chain(0, machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), machine.status());

        machine.kickAndRun();

        assertNull(ring.poll());
    }

    @Test
    void theGuestIsNotNotifiedBeforeDriverOk() {
        machine.negotiate(Machine.USUAL);

        machine.enable(0, 16, Machine.RAM_BYTES, 0, 0);
        machine.context.runUntilIdle();

        assertTrue((machine.get(Machine.STATUS) & Machine.NEEDS_RESET) != 0);
        assertFalse(machine.line);
        assertEquals(0, machine.get(Machine.QUEUE_READY));
    }

    @Test
    void otherQueuesGoOnAfterAMalformedChain() {
        final GuestRing second = machine.enable(1, 16);
        ring.offer(Buffer.indirect(Machine.RAM_BYTES, 64));
        final Buffer status = machine.status();
        second.offer(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), status);

        machine.kick(0);
        machine.kick(1);
        machine.context.runUntilIdle();

        assertEquals(new GuestRing.Used(0, 0), ring.poll());
        assertEquals(new GuestRing.Used(0, 513), second.poll());
        assertEquals(0, machine.statusIn(status));
    }
}
