package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every port promises; each kind of port runs all of it, and of what it extends. */
abstract class AsyncFilePortContract extends WaitPortContract {
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
    void blockingTasksRunBesideEachOtherAsFarAsThreadsGo() throws Exception {
        final int maxThreads = 3;
        final AtomicInteger running = new AtomicInteger();
        final AtomicInteger most = new AtomicInteger();
        final CountDownLatch together = new CountDownLatch(maxThreads);
        try (AsyncFilePort small = open(new PortOptions(PortOptions.DEFAULT.engine(), OPERATIONS, maxThreads))) {
            final AsyncFile<String> attached = small.attach(file, this::completed);
            for (int i = 0; i < OPERATIONS; i++) {
                assertTrue(attached.run(() -> meet(running, most, together), "task " + i));
            }
        }
        assertEquals(OPERATIONS, results.size());
        assertEquals(maxThreads, most.get());
    }

    /** Waits, the first times, until as many tasks run at once as there are threads. */
    private static int meet(final AtomicInteger running, final AtomicInteger most, final CountDownLatch together) {
        most.accumulateAndGet(running.incrementAndGet(), Math::max);
        together.countDown();
        try {
            together.await();
        } catch (final InterruptedException e) {
            return 1;
        }
        running.decrementAndGet();
        return 0;
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
    void moreFilesThanTheKernelsTableHoldsAreAttachedAllTheSame() {
        final MemoryRegion into = MemoryRegion.allocate(BLOCK);
        for (int i = 0; i < 300; i++) {
            final AsyncFile<String> another = port.attach(file, this::completed);
            assertTrue(another.read(at(into), BLOCK, 0, "file " + i));
            assertEquals(BLOCK, resultOf("file " + i));
        }
    }
}
