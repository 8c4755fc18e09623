package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.virtio.blk.BlkOptions.Processing;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A backend whose ring is full, or that is drained: the work stays in the guest's queue. */
final class BackpressureTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int REQUESTS = 16;
    private static final int TINY_RING = 2;

    private static Machine machine(final Processing processing) {
        return new Machine(
                BlkOptions.of("vda").withProcessing(processing), new HeldDisk(Machine.DISK_BYTES), TINY_RING);
    }

    private static List<Buffer> offerWrites(final Machine machine, final GuestRing ring) {
        final List<Buffer> statuses = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            final Buffer status = machine.status();
            ring.offer(machine.header(Machine.OUT, i), Buffer.readable(DATA, 512), status);
            statuses.add(status);
        }
        return statuses;
    }

    private static void assertAllDoneInOrder(final Machine machine, final GuestRing ring, final List<Buffer> statuses) {
        for (int i = 0; i < REQUESTS; i++) {
            assertEquals(new Used(3 * i, 1), ring.poll());
            assertEquals(0, machine.statusIn(statuses.get(i)));
            assertEquals("WRITE " + 512 * i + "+512 0", machine.disk.seen().get(i));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatTheRingHasNoRoomForStaysInTheQueueAndFollows(final Processing processing) {
        try (Machine machine = machine(processing)) {
            final GuestRing ring = machine.start(Machine.USUAL, 64);
            final List<Buffer> statuses = offerWrites(machine, ring);

            machine.kickAndRun();

            assertAllDoneInOrder(machine, ring, statuses);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatComesWhileTheBackendIsDrainedFollowsAfterwards(final Processing processing) throws BlockException {
        try (Machine machine = machine(processing)) {
            final GuestRing ring = machine.start(Machine.USUAL, 64);
            final List<Buffer> statuses = new ArrayList<>();
            machine.whileDrained(() -> {
                statuses.addAll(offerWrites(machine, ring));
                machine.kickAndRun();
                assertEquals(0, machine.disk.seen().size());
            });

            assertAllDoneInOrder(machine, ring, statuses);
        }
    }

    @ParameterizedTest
    @EnumSource
    void furtherSegmentsWaitForRoomToo(final Processing processing) {
        try (Machine machine = machine(processing)) {
            final GuestRing ring = machine.start(Machine.USUAL, 64);
            for (int i = 0; i < 3; i++) {
                machine.ram.putLong(DATA + 16 * i, i);
                machine.ram.putInt(DATA + 16 * i + 8, 1);
            }
            for (int i = 0; i < REQUESTS; i++) {
                ring.offer(machine.header(Machine.DISCARD_REQUEST, 0), Buffer.readable(DATA, 48), machine.status());
            }

            machine.kickAndRun();

            for (int i = 0; i < REQUESTS; i++) {
                assertNotNull(ring.poll());
            }
            assertEquals(3 * REQUESTS, machine.disk.seen().size());
        }
    }

    @Test
    void aDeviceThatIsAttachedToADrainedBackendWaits() throws BlockException {
        try (Machine machine = machine(Processing.NOTIFIER)) {
            machine.device.detach();
            final List<VirtioBlk> attached = new ArrayList<>();
            machine.whileDrained(() -> {
                final VirtioBlk device = VirtioBlk.attach(machine.backend, machine.memory, BlkOptions.of("vdb"));
                attached.add(device);
                device.negotiate(Machine.VERSION_1);
                device.start();
                assertFalse(device.running());
            });

            assertTrue(attached.get(0).running());
            attached.get(0).detach();
        }
    }
}
