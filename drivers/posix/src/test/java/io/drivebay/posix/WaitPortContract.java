package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/** What every port promises of polling, sleeping, waking and closing. */
abstract class WaitPortContract extends PortFixture {
    @Test
    void pollWithNothingToDoReturnsZero() {
        assertEquals(0, port.poll());
        assertFalse(port.busy());
    }

    @Test
    void awaitEndsWithItsTimeout() {
        final long before = System.nanoTime();
        port.await(20_000_000);
        final long tookNs = System.nanoTime() - before;
        assertTrue(tookNs >= 15_000_000, "returned after " + tookNs + " ns");
    }

    @Test
    void awaitWithoutTimeDoesNotSleep() {
        port.await(0);
        port.await(-5);
    }

    @Test
    void wakeBeforeAwaitIsNotLost() {
        port.await(1000);
        port.wake();
        port.await(Long.MAX_VALUE);
    }

    @Test
    void wakeOfAnotherThreadEndsASleepWithoutTimeout() throws InterruptedException {
        final CountDownLatch ready = new CountDownLatch(1);
        final Thread waker = new Thread(() -> {
            try {
                ready.await();
                Thread.sleep(50);
            } catch (final InterruptedException e) {
                return;
            }
            port.wake();
        });
        waker.start();
        ready.countDown();
        port.await(Long.MAX_VALUE);
        waker.join();
    }

    @Test
    void closeWithOperationsInFlightCompletesThem() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        for (int i = 0; i < OPERATIONS - 1; i++) {
            assertTrue(async.read(at(into), BLOCK, i * (long) BLOCK, "read " + i));
        }
        assertTrue(async.run(() -> sleepMs(50), "task"));
        port.close();
        assertEquals(OPERATIONS, results.size());
        assertEquals(0, results.get("task"));
        assertEquals(BLOCK, results.get("read 0"));
    }

    private static int sleepMs(final int ms) {
        try {
            Thread.sleep(ms);
        } catch (final InterruptedException e) {
            return 1;
        }
        return 0;
    }

    @Test
    void closedPortDoesNothing() {
        port.close();
        assertEquals(0, port.poll());
        port.await(Long.MAX_VALUE);
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        assertFalse(async.read(at(into), BLOCK, 0, "read"));
        assertFalse(async.run(() -> 0, "task"));
        async.close();
        assertFalse(port.busy());
    }

    @Test
    void closeThatACallbackInterruptedGoesOnWhenCalledAgain() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        final AsyncFile<String> bad = port.attach(file, (cookie, result) -> {
            throw new IllegalStateException("expected by the test");
        });
        assertTrue(bad.read(at(into), BLOCK, 0, "bad"));
        assertTrue(async.read(at(into), BLOCK, 0, "good"));
        assertThrows(IllegalStateException.class, port::close);
        port.close();
        assertEquals(Map.of("good", BLOCK), results);
        assertFalse(port.busy());
    }

    @Test
    void operationsStartedWhileThePortClosesAreRefused() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        final List<Boolean> accepted = new ArrayList<>();
        final AsyncFile<String> chained =
                port.attach(file, (cookie, result) -> accepted.add(async.read(at(into), BLOCK, 0, "late")));
        assertTrue(chained.read(at(into), BLOCK, 0, "last"));
        port.close();
        assertEquals(List.of(false), accepted);
        assertFalse(results.containsKey("late"));
    }

    @Test
    void portWhoseThreadHasEndedIsClosedByAnotherAndEveryOperationCompletesOnce() throws Exception {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        final NativeMemory aligned = NativeMemory.allocate(BLOCK);
        final PosixFile unbuffered = PosixFile.open(file.path(), OpenFlag.DIRECT);
        final AsyncFilePort orphan = open(PortOptions.DEFAULT.withOperations(OPERATIONS));
        Restricted.onNewThread(() -> {
            final AsyncFile<String> attached = orphan.attach(file, this::completed);
            final AsyncFile<String> direct = orphan.attach(unbuffered, this::completed);
            assertTrue(attached.read(at(into), BLOCK, 0, "handed over"));
            assertTrue(attached.fallocate(FallocateMode.ALLOCATE, 0, FILE_BYTES, "in a worker"));
            assertTrue(direct.read(at(aligned.region()), BLOCK, 0, "from the disk"));
            assertTrue(attached.run(() -> sleepMs(30), "task"));
            orphan.poll();
            assertTrue(attached.read(at(into), BLOCK, 0, "described only"));
            return "";
        });
        orphan.close();
        assertEquals(5, results.size());
        assertEquals(0, results.get("task"));
        unbuffered.close();
        aligned.close();
        assertFalse(orphan.busy());
    }

    @Test
    void detachedAndClosedFileLetsItsLocksGo() throws PosixException {
        final PosixFile locked = PosixFile.open(file.path(), OpenFlag.READ_WRITE);
        final AsyncFile<String> attached = port.attach(locked, this::completed);
        assertTrue(new OfdLocks(locked).tryLock(OfdLocks.Kind.EXCLUSIVE, 0, 1));
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        assertTrue(attached.read(at(into), BLOCK, 0, "read"));
        resultOf("read");
        attached.close();
        locked.close();
        assertTrue(new OfdLocks(file).tryLock(OfdLocks.Kind.EXCLUSIVE, 0, 1));
    }

    @Test
    void closedPortLetsTheLocksOfItsFilesGo() throws PosixException {
        final PosixFile locked = PosixFile.open(file.path(), OpenFlag.READ_WRITE);
        port.attach(locked, this::completed);
        assertTrue(new OfdLocks(locked).tryLock(OfdLocks.Kind.EXCLUSIVE, 0, 1));
        port.close();
        locked.close();
        assertTrue(new OfdLocks(file).tryLock(OfdLocks.Kind.EXCLUSIVE, 0, 1));
    }

    @Test
    void noWakeIsLostWhateverTheInterleaving() throws Exception {
        final int producers = 2;
        final int perProducer = 20_000;
        final ConcurrentLinkedQueue<Integer> queue = new ConcurrentLinkedQueue<>();
        final List<Thread> threads = new ArrayList<>();
        for (int seed = 0; seed < producers; seed++) {
            final SplittableRandom random = new SplittableRandom(seed);
            threads.add(new Thread(() -> {
                for (int i = 0; i < perProducer; i++) {
                    queue.add(i);
                    port.wake();
                    spin(random.nextInt(4) == 0 ? random.nextInt(3000) : 0);
                }
            }));
        }
        threads.forEach(Thread::start);
        final SplittableRandom random = new SplittableRandom(99);
        int taken = 0;
        while (taken < producers * perProducer) {
            while (queue.poll() != null) {
                taken++;
            }
            port.poll();
            spin(random.nextInt(200));
            if (queue.isEmpty() && taken < producers * perProducer) {
                port.await(Long.MAX_VALUE);
            }
        }
        for (final Thread thread : threads) {
            thread.join();
        }
        assertEquals(producers * perProducer, taken);
    }

    private static void spin(final int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    @Test
    void wakesDuringCloseHitNoOtherDescriptor() throws Exception {
        for (int round = 0; round < 50; round++) {
            final AsyncFilePort closing = open(PortOptions.DEFAULT.withOperations(1));
            final AtomicBoolean stop = new AtomicBoolean();
            final Thread waker = new Thread(() -> {
                while (!stop.get()) {
                    closing.wake();
                }
            });
            waker.start();
            for (int i = 0; i < 20; i++) {
                closing.await(1_000_000);
            }
            closing.close();
            try (EventFd first = EventFd.create();
                    EventFd second = EventFd.create()) {
                spin(1000);
                assertEquals(0, first.drain() + second.drain());
            }
            stop.set(true);
            waker.join();
        }
    }

    @Test
    void signalDuringASleepIsNoFailure() throws Exception {
        final AtomicLong sleeperId = new AtomicLong();
        final Thread signaler = new Thread(() -> {
            while (sleeperId.get() == 0) {
                Thread.onSpinWait();
            }
            spin(2_000_000);
            Signals.interrupt(sleeperId.get());
            spin(2_000_000);
            port.wake();
        });
        signaler.start();
        Signals.install();
        sleeperId.set(Signals.threadId());
        port.await(Long.MAX_VALUE);
        port.poll();
        signaler.join();
    }

    @Test
    void watchedEventEndsASleepAndRunsItsActionForEachSignal() throws PosixException {
        final List<Long> drained = new ArrayList<>();
        try (EventFd event = EventFd.create();
                FdWatch watch = port.watch(event.fd(), () -> drained.add(event.drain()))) {
            assertNotNull(watch);
            for (int i = 0; i < 3; i++) {
                event.signal();
                pollUntil(() -> !drained.isEmpty());
                assertEquals(List.of(1L), drained);
                drained.clear();
            }
            assertFalse(port.busy());
        }
    }

    private void pollUntil(final BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (port.poll() == 0) {
                port.await(Long.MAX_VALUE);
            }
        }
    }

    @Test
    void eventThatWasSignaledBeforeItWasWatchedRunsItsAction() throws PosixException {
        final AtomicLong runs = new AtomicLong();
        try (EventFd event = EventFd.create()) {
            event.signal();
            final FdWatch watch = port.watch(event.fd(), runs::incrementAndGet);
            pollUntil(() -> runs.get() == 1);
            watch.close();
        }
    }

    @Test
    void closedWatchRunsNoMoreThoughItsEventWasSignaledBefore() throws PosixException {
        final AtomicLong runs = new AtomicLong();
        final AtomicLong others = new AtomicLong();
        try (EventFd event = EventFd.create();
                EventFd other = EventFd.create()) {
            final FdWatch watch = port.watch(event.fd(), runs::incrementAndGet);
            port.poll();
            event.signal();
            watch.close();
            watch.close();
            final FdWatch otherWatch = port.watch(other.fd(), others::incrementAndGet);
            other.signal();
            pollUntil(() -> others.get() == 1);
            assertEquals(0, runs.get());
            otherWatch.close();
        }
    }

    @Test
    void watchMayBeClosedByItsOwnActionAndItsPlaceUsedAgain() throws PosixException {
        final List<FdWatch> current = new ArrayList<>();
        final AtomicLong runs = new AtomicLong();
        try (EventFd event = EventFd.create()) {
            for (int round = 1; round <= 20; round++) {
                current.add(port.watch(event.fd(), () -> {
                    runs.incrementAndGet();
                    event.drain();
                    current.remove(0).close();
                }));
                event.signal();
                final int expected = round;
                pollUntil(() -> runs.get() == expected);
            }
        }
    }

    @Test
    void watchesAndOperationsGoTogether() throws PosixException {
        final AtomicLong runs = new AtomicLong();
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        try (EventFd event = EventFd.create()) {
            final FdWatch watch = port.watch(event.fd(), runs::incrementAndGet);
            for (int i = 0; i < 1000; i++) {
                final long before = runs.get();
                assertTrue(async.read(at(into), BLOCK, 0, "read " + i));
                event.signal();
                assertEquals(BLOCK, resultOf("read " + i));
                pollUntil(() -> runs.get() > before);
            }
            watch.close();
        }
    }

    @Test
    void wakeAfterCloseDoesNothing() {
        port.close();
        port.wake();
        port.wake();
    }
}
