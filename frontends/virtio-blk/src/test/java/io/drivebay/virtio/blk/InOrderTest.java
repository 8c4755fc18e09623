package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.request.Status;
import io.drivebay.virtio.testguest.GuestQueue;
import io.drivebay.virtio.testguest.GuestQueue.Form;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.GuestRing.Used;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** IN_ORDER: buffers are used in the order in which they were made available, however their requests end. */
@ParameterizedClass
@EnumSource
final class InOrderTest {
    private static final int DATA = Machine.BUFFERS;
    private static final int SIZE = 32;

    private final Machine machine = new Machine(
            BlkOptions.of("vda").withFeatures(Machine.IN_ORDER), new HeldDisk(Machine.DISK_BYTES).quiet(), 256);
    private final GuestQueue ring;

    InOrderTest(final Form form) {
        ring = machine.start(Machine.USUAL | Machine.IN_ORDER, SIZE, form);
    }

    @AfterEach
    void close() {
        machine.close();
    }

    private int offerRead() {
        return ring.offer(machine.header(Machine.IN, 0), Buffer.writable(DATA, 512), machine.status());
    }

    @Test
    void aRequestThatEndsEarlyWaitsForThoseBeforeIt() {
        machine.disk.hold(true);
        final int first = offerRead();
        final int second = offerRead();
        machine.kickAndRun();

        machine.context.run(machine.disk::releaseLast);
        machine.context.runUntilIdle();
        assertEquals(0, ring.usedCount());
        assertFalse(machine.line);

        machine.context.run(machine.disk::releaseAll);
        machine.context.runUntilIdle();
        assertEquals(new Used(first, 513), ring.poll());
        assertEquals(new Used(second, 513), ring.poll());
        assertTrue(machine.line);
    }

    @Test
    void eachRequestHasALengthOfItsOwn() {
        machine.disk.hold(true);
        final int failing = offerRead();
        final int good = offerRead();
        machine.kickAndRun();
        machine.context.run(machine.disk::releaseLast);
        machine.disk.fail(Status.IO_ERROR, 1);

        machine.context.run(machine.disk::releaseAll);
        machine.context.runUntilIdle();

        assertEquals(new Used(failing, 0), ring.poll());
        assertEquals(new Used(good, 513), ring.poll());
    }

    @Test
    void whatNeverReachesTheDiskWaitsToo() {
        machine.disk.hold(true);
        final int read = offerRead();
        final int unknown = ring.offer(machine.header(77, 0), machine.status());
        machine.kickAndRun();
        assertEquals(0, ring.usedCount());

        machine.context.run(machine.disk::releaseAll);
        machine.context.runUntilIdle();

        assertEquals(new Used(read, 513), ring.poll());
        assertEquals(new Used(unknown, 1), ring.poll());
    }

    @Test
    void theOrderHoldsForManyRounds() {
        final Random random = new Random(1);
        machine.disk.hold(true);
        int next = 0;
        for (int round = 0; round < 500; round++) {
            final int[] ids = {offerRead(), offerRead(), offerRead()};
            machine.kickAndRun();
            for (int left = ids.length; left > 0; left--) {
                machine.context.run(random.nextBoolean() ? machine.disk::releaseLast : machine.disk::releaseFirst);
            }
            machine.context.runUntilIdle();
            for (final int id : ids) {
                assertEquals(new Used(id, 513), ring.poll());
                next++;
            }
        }
        assertEquals(1500, next);
    }
}
