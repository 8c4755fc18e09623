package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.context.WaitPort;
import io.drivebay.virtio.blk.BlkOptions.Processing;
import io.drivebay.virtio.testguest.GuestQueue;
import io.drivebay.virtio.testguest.GuestQueue.Form;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** V13, S5, S6, S9, K4: who is told when, and that no notification is lost. */
@ParameterizedClass
@EnumSource
final class NotificationTest {
    private static final long WITH_EVENTS = Machine.USUAL | Machine.EVENT_IDX;
    /** {@link #offer}'s chains. */
    private static final int DESCRIPTORS_EACH = 3;

    private final Form form;

    NotificationTest(final Form form) {
        this.form = form;
    }

    private static Machine machine(final Processing processing) {
        return new Machine(BlkOptions.of("vda").withProcessing(processing));
    }

    private static void offer(final Machine machine, final GuestQueue ring) {
        ring.offer(machine.header(Machine.IN, 0), Buffer.writable(Machine.BUFFERS, 512), machine.status());
    }

    @ParameterizedTest
    @EnumSource
    void allCompletionsOfATurnShareOneInterrupt(final Processing processing) {
        try (Machine machine = machine(processing)) {
            final GuestQueue ring = machine.start(Machine.USUAL, 64, form);
            for (int i = 0; i < 20; i++) {
                offer(machine, ring);
            }

            machine.kickAndRun();

            assertEquals(20, ring.usedCount());
            assertEquals(1, machine.interrupts.get());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withEventIndexTheGuestIsInterruptedWhenItsEventIsCrossed(final Processing processing) {
        try (Machine machine = machine(processing)) {
            final GuestQueue ring = machine.start(WITH_EVENTS, 64, form);
            ring.interruptAt(2, DESCRIPTORS_EACH);
            offer(machine, ring);
            offer(machine, ring);
            machine.kickAndRun();
            assertEquals(2, ring.usedCount());
            assertFalse(machine.line);

            offer(machine, ring);
            machine.kickAndRun();

            assertTrue(machine.line);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGuestThatPollsIsNotInterrupted(final Processing processing) {
        try (Machine machine = machine(processing)) {
            final GuestQueue ring = machine.start(Machine.USUAL, 64, form);
            ring.forbidInterrupts();
            offer(machine, ring);

            machine.kickAndRun();

            assertNotNull(ring.poll());
            assertFalse(machine.line);
        }
    }

    @ParameterizedTest
    @EnumSource
    void spuriousKicksAreHarmless(final Processing processing) {
        try (Machine machine = machine(processing)) {
            final GuestQueue ring = machine.start(WITH_EVENTS, 64, form);
            machine.kickAndRun();
            machine.kickAndRun();
            offer(machine, ring);

            machine.kickAndRun();
            machine.kickAndRun();

            assertEquals(1, ring.usedCount());
        }
    }

    @ParameterizedTest
    @EnumSource
    void withEventIndexTheDeviceAsksForTheNextChainWhenTheQueueIsEmpty(final Processing processing) {
        try (Machine machine = machine(processing)) {
            final GuestQueue ring = machine.start(WITH_EVENTS, 64, form);
            offer(machine, ring);
            offer(machine, ring);

            machine.kickAndRun();

            assertTrue(ring.kickWanted(true));
        }
    }

    @Test
    void aContextThatLooksByItselfNeedsNoKicks() {
        try (Machine machine = machine(Processing.CONTEXT)) {
            final GuestQueue ring = machine.start(Machine.USUAL, 64, form);
            offer(machine, ring);
            machine.kick(0);
            machine.context.runOnce();
            assertFalse(ring.kickWanted(false));

            offer(machine, ring);
            machine.context.runUntilIdle();

            assertEquals(2, ring.usedCount());
            assertTrue(ring.kickWanted(false));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aDeviceThatIsDrainedDoesNotTakeWhatItIsKickedFor(final Processing processing) throws Exception {
        try (Machine machine = machine(processing)) {
            final GuestQueue ring = machine.start(WITH_EVENTS, 64, form);
            machine.whileDrained(() -> {
                offer(machine, ring);
                machine.kickAndRun();
                assertNull(ring.poll());
            });

            assertNotNull(ring.poll());
        }
    }

    /** Offers a chain, without a kick, when the context has just found that there is nothing to do. */
    private static final class LateDriver implements WaitPort {
        private Runnable late = () -> {};

        @Override
        public int poll() {
            final Runnable once = late;
            late = () -> {};
            once.run();
            return 0;
        }

        @Override
        public void await(final long timeoutNs) {}

        @Override
        public void wake() {}

        @Override
        public boolean busy() {
            return false;
        }

        @Override
        public void close() {}
    }

    @ParameterizedTest
    @EnumSource(names = "CONTEXT")
    void aChainThatComesBetweenTheLastLookAndTheRequestForKicksIsFound(final Processing processing) {
        for (final long features : new long[] {Machine.USUAL, WITH_EVENTS}) {
            final LateDriver port = new LateDriver();
            final IoContext context = new IoContext("late", new VirtualClock(), port);
            try (Machine machine = new Machine(
                    context, BlkOptions.of("vda").withProcessing(processing), new HeldDisk(Machine.DISK_BYTES), 16)) {
                final GuestQueue ring = machine.start(features, 64, form);
                offer(machine, ring);
                machine.kick(0);
                machine.context.runOnce();
                port.late = () -> offer(machine, ring);

                machine.context.runUntilIdle();

                assertEquals(2, ring.usedCount());
            }
        }
    }

    /** A clock that lets something happen when it is read: in the middle of taking from a queue. */
    private static final class BusyClock implements Clock {
        private Runnable meanwhile = () -> {};

        @Override
        public long nanoTime() {
            final Runnable once = meanwhile;
            meanwhile = () -> {};
            once.run();
            return 1;
        }
    }

    @Test
    void aKickThatFindsTheQueueBeingTakenFromIsNotLost() {
        final BusyClock clock = new BusyClock();
        final IoContext context = IoContext.stepped("busy", clock);
        try (Machine machine = new Machine(context, BlkOptions.of("vda"), new HeldDisk(Machine.DISK_BYTES), 16)) {
            final GuestQueue ring = machine.start(WITH_EVENTS, 64, form);
            offer(machine, ring);
            clock.meanwhile = () -> {
                offer(machine, ring);
                machine.kick(0);
                assertEquals(0, machine.disk.seen().size());
            };

            machine.kickAndRun();

            assertEquals(2, ring.usedCount());
        }
    }
}
