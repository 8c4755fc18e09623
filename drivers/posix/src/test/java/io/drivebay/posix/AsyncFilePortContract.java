package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every port promises; each kind of port runs all of it. */
@Timeout(60)
abstract class AsyncFilePortContract {
    static final int OPERATIONS = 8;
    static final int FILE_BYTES = 1 << 20;
    private static final int BLOCK = 4096;

    @TempDir
    Path folder;

    AsyncFilePort port;
    PosixFile file;
    AsyncFile<String> async;
    final Map<String, Integer> results = new HashMap<>();
    final List<String> order = new ArrayList<>();

    /** The port under test. */
    abstract AsyncFilePort open(PortOptions options) throws PosixException;

    @BeforeEach
    void openPortAndFile() throws PosixException {
        port = open(PortOptions.DEFAULT.withOperations(OPERATIONS));
        file = TestFiles.filled(folder.resolve("disk"), FILE_BYTES, 7);
        async = port.attach(file, this::completed);
    }

    @AfterEach
    void closePortAndFile() {
        port.close();
        file.close();
    }

    private void completed(final String cookie, final int result) {
        final Integer before = results.put(cookie, result);
        assertTrue(before == null, "completed twice: " + cookie);
        order.add(cookie);
    }

    int resultOf(final String cookie) {
        while (!results.containsKey(cookie)) {
            if (port.poll() == 0) {
                port.await(1_000_000_000L);
            }
        }
        return results.get(cookie);
    }

    void finishAll() {
        while (port.busy()) {
            if (port.poll() == 0) {
                port.await(1_000_000_000L);
            }
        }
    }

    private static long at(final MemoryRegion region) {
        return NativeMemory.addressOf(region);
    }

    @Test
    void aFileMayBeServedByThreadsOnAnyPort() throws IOException {
        try (AsyncFile<String> byThreads = port.attachToThreads(file, this::completed)) {
            final MemoryRegion memory = MemoryRegion.allocate(BLOCK);
            assertTrue(byThreads.read(new IoVector().add(memory, 0, BLOCK), 0, "threads"));
            while (port.inFlight() > 0) {
                port.await(1_000_000);
                port.poll();
            }

            assertEquals(BLOCK, results.get("threads"));
        }
    }

    @Test
    void readBringsTheBytesAtTheOffset() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        assertTrue(async.read(at(into), BLOCK, 8192, "read"));
        assertEquals(BLOCK, resultOf("read"));
        final MemoryRegion expected = TestFiles.random(FILE_BYTES, 7);
        assertArrayEquals(TestFiles.bytes(expected, 8192, BLOCK), TestFiles.bytes(into, 0, BLOCK));
    }

    @Test
    void nothingCompletesInsideTheCallThatStartsIt() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        assertTrue(async.read(at(into), BLOCK, 0, "read"));
        assertTrue(results.isEmpty());
        assertTrue(port.busy());
        resultOf("read");
        assertFalse(port.busy());
    }

    @Test
    void writeReachesTheFile() throws PosixException {
        final MemoryRegion from = TestFiles.random(BLOCK, 99);
        assertTrue(async.write(at(from), BLOCK, 12288, false, "write"));
        assertEquals(BLOCK, resultOf("write"));
        assertContentAt(12288, from);
    }

    @Test
    void durableWriteReachesTheFile() throws PosixException {
        final MemoryRegion from = TestFiles.random(BLOCK, 98);
        assertTrue(async.write(at(from), BLOCK, 4096, true, "write"));
        assertEquals(BLOCK, resultOf("write"));
        assertContentAt(4096, from);
    }

    private void assertContentAt(final long offset, final MemoryRegion expected) throws PosixException {
        final MemoryRegion found = MemoryRegion.allocate(expected.size());
        assertEquals(expected.size(), file.pread(at(found), expected.size(), offset));
        assertArrayEquals(TestFiles.bytes(expected, 0, expected.size()), TestFiles.bytes(found, 0, expected.size()));
    }

    @Test
    void vectoredTransfersOfTheMostSegmentsKeepTheirOrder() throws PosixException {
        final int segmentBytes = 512;
        final MemoryRegion from = TestFiles.random(AsyncFile.MAX_SEGMENTS * segmentBytes, 5);
        final MemoryRegion into = MemoryRegion.allocate(from.size());
        final IoVector list = reversed(from, segmentBytes);
        assertTrue(async.write(list, 0, false, "write"));
        assertEquals(from.size(), resultOf("write"));
        fill(list, into, segmentBytes);
        assertTrue(async.read(list, 0, "read"));
        assertEquals(from.size(), resultOf("read"));
        assertArrayEquals(TestFiles.bytes(from, 0, from.size()), TestFiles.bytes(into, 0, into.size()));
    }

    private static IoVector reversed(final MemoryRegion memory, final int segmentBytes) {
        final IoVector list = new IoVector();
        fill(list, memory, segmentBytes);
        return list;
    }

    private static void fill(final IoVector list, final MemoryRegion memory, final int segmentBytes) {
        list.clear();
        for (int at = memory.size() - segmentBytes; at >= 0; at -= segmentBytes) {
            list.add(memory, at, segmentBytes);
        }
    }

    @Test
    void vectorMayBeReusedBeforeTheOperationIsHandedOver() {
        final MemoryRegion into = MemoryRegion.allocate(2 * BLOCK);
        final IoVector list = new IoVector();
        list.add(into, 0, BLOCK);
        list.add(into, BLOCK, BLOCK);
        assertTrue(async.read(list, 0, "read"));
        list.clear();
        list.add(into, 0, 1);
        list.add(into, 0, 1);
        assertEquals(2 * BLOCK, resultOf("read"));
    }

    @Test
    void vectorOfTooManySegmentsIsAMistakeOfTheCaller() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        final IoVector list = new IoVector();
        for (int i = 0; i <= AsyncFile.MAX_SEGMENTS; i++) {
            list.add(into, 0, 1);
        }
        assertThrows(IllegalArgumentException.class, () -> async.read(list, 0, "read"));
        assertFalse(port.busy());
    }

    @Test
    void readAcrossTheEndOfTheFileIsShort() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        assertTrue(async.read(at(into), BLOCK, FILE_BYTES - 100, "across"));
        assertTrue(async.read(at(into), BLOCK, FILE_BYTES, "beyond"));
        assertEquals(100, resultOf("across"));
        assertEquals(0, resultOf("beyond"));
    }

    @Test
    void fdatasyncCompletesWithZero() {
        assertTrue(async.fdatasync("sync"));
        assertEquals(0, resultOf("sync"));
    }

    @Test
    void fallocatePunchesAHoleThatReadsAsZeroes() throws PosixException {
        assertTrue(async.fallocate(FallocateMode.PUNCH_HOLE, 65536, 65536, "punch"));
        assertEquals(0, resultOf("punch"));
        assertContentAt(65536, MemoryRegion.allocate(65536));
        assertEquals(FILE_BYTES, file.status().sizeBytes());
    }

    @Test
    void blockingTaskReturnsItsResult() {
        assertTrue(async.run(() -> (int) (file.status().sizeBytes() >> 10), "task"));
        assertEquals(FILE_BYTES >> 10, resultOf("task"));
    }

    @Test
    void failuresOfBlockingTasksBecomeErrorNumbers() {
        assertTrue(async.run(() -> (int) new BlockDeviceControl(file).sizeBytes(), "not a device"));
        assertTrue(async.run(() -> failing(), "other"));
        assertEquals(-Errno.ENOTTY.number(), resultOf("not a device"));
        assertEquals(-Errno.EIO.number(), resultOf("other"));
    }

    private static int failing() throws IOException {
        throw new IOException("expected by the test");
    }

    @Test
    void badAddressCompletesWithEfault() {
        assertTrue(async.read(16, BLOCK, 0, "read"));
        assertEquals(-Errno.EFAULT.number(), resultOf("read"));
    }

    @Test
    void writeToFileOpenForReadingCompletesWithEbadf() throws PosixException {
        try (PosixFile readOnly = PosixFile.open(file.path())) {
            final MemoryRegion from = MemoryRegion.allocate(BLOCK);
            final AsyncFile<String> attached = port.attach(readOnly, this::completed);
            assertTrue(attached.write(at(from), BLOCK, 0, false, "write"));
            assertEquals(-Errno.EBADF.number(), resultOf("write"));
            attached.close();
        }
    }

    @Test
    void oneOperationTooManyIsRefusedAndRoomIsAnnouncedOnce() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        for (int i = 0; i < OPERATIONS; i++) {
            assertTrue(async.read(at(into), BLOCK, 0, "read " + i));
        }
        assertFalse(async.read(at(into), BLOCK, 0, "refused"));
        final List<Boolean> retried = new ArrayList<>();
        port.whenRoom(() -> retried.add(async.read(at(into), BLOCK, 0, "retried")));
        assertEquals(BLOCK, resultOf("retried"));
        finishAll();
        assertEquals(List.of(true), retried);
        assertFalse(results.containsKey("refused"));
        assertEquals(OPERATIONS + 1, results.size());
    }

    @Test
    void manyOperationsEachCompleteOnce() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        final int total = 5000;
        int started = 0;
        while (results.size() < total) {
            while (started < total && async.read(at(into), BLOCK, (started % 256) * (long) BLOCK, "r" + started)) {
                started++;
            }
            if (port.poll() == 0) {
                port.await(1_000_000_000L);
            }
        }
        assertEquals(total, order.size());
        assertEquals(0, port.inFlight());
    }

    @Test
    void callbackMayStartTheNextOperation() throws PosixException {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        final List<Integer> chain = new ArrayList<>();
        final List<AsyncFile<Integer>> self = new ArrayList<>();
        final AsyncFile<Integer> chained = port.attach(file, (left, result) -> {
            chain.add(result);
            if (left > 0) {
                assertTrue(self.get(0).read(at(into), BLOCK, 0, left - 1));
            }
        });
        self.add(chained);
        assertTrue(chained.read(at(into), BLOCK, 0, 20));
        finishAll();
        assertEquals(21, chain.size());
    }

    @Test
    void callbackThatThrowsDoesNotLoseTheOthers() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        final AsyncFile<String> bad = port.attach(file, (cookie, result) -> {
            throw new IllegalStateException("expected by the test");
        });
        assertTrue(bad.read(at(into), BLOCK, 0, "bad"));
        assertTrue(async.read(at(into), BLOCK, 0, "good"));
        final IllegalStateException thrown = assertThrows(IllegalStateException.class, this::finishAll);
        assertEquals("expected by the test", thrown.getMessage());
        assertEquals(BLOCK, resultOf("good"));
        assertFalse(port.busy());
    }

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
    void moreFilesThanTheKernelsTableHoldsAreAttachedAllTheSame() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        for (int i = 0; i < 300; i++) {
            final AsyncFile<String> another = port.attach(file, this::completed);
            assertTrue(another.read(at(into), BLOCK, 0, "file " + i));
            assertEquals(BLOCK, resultOf("file " + i));
        }
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
    void wakeAfterCloseDoesNothing() {
        port.close();
        port.wake();
        port.wake();
    }
}
