package io.drivebay.virtio.blk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.virtio.blk.BlkOptions.Processing;
import io.drivebay.virtio.testguest.GuestQueue;
import io.drivebay.virtio.testguest.GuestQueue.Form;
import io.drivebay.virtio.testguest.GuestRing;
import io.drivebay.virtio.testguest.GuestRing.Buffer;
import io.drivebay.virtio.testguest.HeldDisk;
import io.drivebay.virtio.testguest.Machine;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Real threads, seeded work, an end by count: two guests' threads drive a queue each, kicking only when they must, while
 * the context carries their requests out. A lost kick or completion shows as a test that does not end in time.
 */
@ParameterizedClass
@EnumSource
final class StressTest {
    private static final int QUEUES = 2;
    private static final int SIZE = 64;
    private static final int DEPTH = SIZE / 3;
    private static final int REQUESTS = 8_000;
    /** Each queue has a part of the disk of its own. */
    private static final int SECTORS_PER_QUEUE = Machine.DISK_BYTES / 512 / QUEUES;

    private static final int BUFFERS_PER_QUEUE = 1 << 20;

    private final Form form;

    StressTest(final Form form) {
        this.form = form;
    }

    /** One guest thread: writes sectors with their number and a count, and reads them back. */
    private static final class Guest implements Runnable {
        private final Machine machine;
        private final int queue;
        private final GuestQueue ring;
        private final boolean events;
        private final Random random;
        private final long[] written = new long[SECTORS_PER_QUEUE];
        private final int[] sectorOf = new int[SIZE];
        private final boolean[] isRead = new boolean[SIZE];
        private final boolean[] sectorBusy = new boolean[SECTORS_PER_QUEUE];
        private long begun;
        private long ended;
        private final AtomicLong progress = new AtomicLong();
        private volatile boolean mayFail;

        Guest(final Machine machine, final int queue, final GuestQueue ring, final boolean events, final long seed) {
            this.machine = machine;
            this.queue = queue;
            this.ring = ring;
            this.events = events;
            this.random = new Random(seed);
        }

        private int buffer(final int head) {
            return Machine.BUFFERS + queue * BUFFERS_PER_QUEUE + head * 1024;
        }

        @Override
        public void run() {
            final List<Integer> free = new ArrayList<>();
            for (int i = 0; i < DEPTH; i++) {
                free.add(3 * i);
            }
            while (ended < REQUESTS) {
                final int before = ring.mark();
                final int batch = 1 + random.nextInt(DEPTH);
                for (int i = 0; i < batch && !free.isEmpty() && begun < REQUESTS; i++) {
                    begin(free.remove(free.size() - 1));
                }
                if (before != ring.mark() && (!events || ring.wantsKick(before))) {
                    machine.device.notifyQueue(queue);
                }
                for (int head = ring.pollId(); head >= 0; head = ring.pollId()) {
                    end(head);
                    free.add(head);
                }
                pause();
            }
        }

        private void begin(final int head) {
            int sector = random.nextInt(SECTORS_PER_QUEUE);
            while (sectorBusy[sector]) {
                sector = (sector + 1) % SECTORS_PER_QUEUE;
            }
            sectorBusy[sector] = true;
            sectorOf[head] = sector;
            isRead[head] = random.nextBoolean();
            begun++;
            final int at = buffer(head);
            machine.headerAt(at, isRead[head] ? Machine.IN : Machine.OUT, queue * SECTORS_PER_QUEUE + sector);
            machine.ram.putByte(at + 16, (byte) 0xee);
            if (!isRead[head]) {
                written[sector] = begun;
                machine.ram.putLong(at + 512, sector);
                machine.ram.putLong(at + 1016, begun);
            }
            final Buffer data = new Buffer(at + 512, 512, isRead[head] ? GuestRing.WRITE : 0);
            ring.offerAs(head, Buffer.readable(at, 16), data, Buffer.writable(at + 16, 1));
        }

        private void end(final int head) {
            final int at = buffer(head);
            final int sector = sectorOf[head];
            final int status = machine.ram.getByte(at + 16);
            assertTrue(status == 0 || (status == 1 && mayFail), () -> "status " + status);
            if (isRead[head] && status == 0) {
                assertEquals(written[sector], machine.ram.getLong(at + 1016));
                assertEquals(written[sector] == 0 ? 0 : sector, machine.ram.getLong(at + 512));
            }
            sectorBusy[sector] = false;
            ended++;
            progress.lazySet(ended);
        }
    }

    @SuppressWarnings("ThreadPriorityCheck") // there are more threads than a small machine has cores
    private static void pause() {
        Thread.yield();
    }

    private static Machine machine(final Processing processing, final int ringCapacity) {
        return new Machine(
                new IoContext("stress", SystemClock.INSTANCE, new ParkPort(), 20_000).start(),
                BlkOptions.of("vda").withQueues(QUEUES, SIZE).withProcessing(processing),
                new HeldDisk(Machine.DISK_BYTES).quiet(),
                ringCapacity);
    }

    private List<Guest> guests(final Machine machine, final boolean events, final long seed) {
        machine.negotiate(Machine.USUAL | form.feature() | (events ? Machine.EVENT_IDX : 0));
        final List<Guest> guests = new ArrayList<>();
        for (int queue = 0; queue < QUEUES; queue++) {
            guests.add(new Guest(machine, queue, machine.enable(queue, SIZE, form), events, seed + queue));
        }
        machine.driverOk();
        return guests;
    }

    private static void runAll(final List<? extends Runnable> work) throws InterruptedException, ExecutionException {
        final ExecutorService threads = Executors.newFixedThreadPool(work.size());
        try {
            final List<Future<?>> ends = new ArrayList<>();
            work.forEach(task -> ends.add(threads.submit(task)));
            for (final Future<?> end : ends) {
                end.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NOTIFIER, true, 256, 1",
        "NOTIFIER, false, 256, 2",
        "NOTIFIER, true, 4, 3",
        "CONTEXT, true, 256, 4",
        "CONTEXT, false, 256, 5",
        "CONTEXT, true, 4, 6"
    })
    @Timeout(120)
    void everyRequestEndsOnceWithTheRightData(
            final Processing processing, final boolean events, final int ringCapacity, final long seed)
            throws InterruptedException, ExecutionException {
        try (Machine machine = machine(processing, ringCapacity)) {
            final List<Guest> guests = guests(machine, events, seed);

            runAll(guests);

            guests.forEach(guest -> assertEquals(REQUESTS, guest.ring.usedCount()));
            assertEquals(0, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void kicksFromManyThreadsForOneQueueDoNoHarm(final Processing processing)
            throws InterruptedException, ExecutionException {
        try (Machine machine = machine(processing, 256)) {
            final List<Guest> guests = guests(machine, true, 7);
            final AtomicBoolean over = new AtomicBoolean();
            final Runnable worker = () -> {
                guests.get(0).run();
                over.set(true);
            };
            final Runnable kicker = () -> {
                while (!over.get()) {
                    machine.device.notifyQueue(0);
                    pause();
                }
            };

            runAll(List.of(worker, kicker));

            assertEquals(0, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void noRequestIsLostWhileTheDiskIsSwapped(final Processing processing)
            throws InterruptedException, ExecutionException, BlockException {
        try (Machine machine = machine(processing, 256)) {
            final List<Guest> guests = guests(machine, true, 8);
            final AtomicBoolean over = new AtomicBoolean();
            final BlockNode first = machine.layer.node("disk");
            final BlockNode second = machine.node("second", new HeldDisk(Machine.DISK_BYTES, machine.disk).quiet());
            final Runnable worker = () -> {
                guests.get(0).run();
                over.set(true);
            };
            final Runnable swapper = () -> {
                BlockNode next = second;
                while (!over.get()) {
                    try {
                        machine.layer.changeMedium(machine.backend, next);
                    } catch (final BlockException e) {
                        throw new IllegalStateException(e);
                    }
                    next = next == second && first != null ? first : second;
                }
            };

            runAll(List.of(worker, swapper));

            assertEquals(0, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Timeout(120)
    void everyRequestEndsOnceAlthoughTheDriveIsDeleted(final Processing processing)
            throws InterruptedException, ExecutionException {
        try (Machine machine = Machine.withDrive(
                new IoContext("stress", SystemClock.INSTANCE, new ParkPort(), 20_000).start(),
                "hd0",
                BlkOptions.of("vda").withQueues(QUEUES, SIZE).withProcessing(processing),
                new HeldDisk(Machine.DISK_BYTES).quiet())) {
            final List<Guest> guests = guests(machine, true, 9);
            guests.forEach(guest -> guest.mayFail = true);
            final Runnable deleter = () -> {
                while (guests.get(0).progress.get() < REQUESTS / 4) {
                    pause();
                }
                try {
                    machine.layer.deleteDrive("hd0");
                } catch (final BlockException e) {
                    throw new IllegalStateException(e);
                }
            };

            runAll(List.of(guests.get(0), guests.get(1), deleter));

            guests.forEach(guest -> assertEquals(REQUESTS, guest.ring.usedCount()));
            assertEquals(0, machine.get(Machine.STATUS) & Machine.NEEDS_RESET);
        }
    }
}
