package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.drivebay.backend.memory.MemoryRegion;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(30)
final class IoUringTest {
    private static final long SECOND_NS = 1_000_000_000L;

    @TempDir
    Path folder;

    /** A ring of one mode; the test is skipped where the kernel does not have it. */
    private static IoUring open(final UringMode mode, final int entries, final int completionEntries)
            throws PosixException {
        try {
            final IoUring ring = IoUring.open(entries, completionEntries, EnumSet.of(mode));
            ring.enable();
            return ring;
        } catch (final IoUringUnavailableException e) {
            return abort(e.getMessage());
        }
    }

    private static IoUring open() throws PosixException {
        return open(UringMode.DEFERRED, 8, 16);
    }

    /** Waits for one completion, checks its token and gives it back. */
    private static int resultOf(final IoUring ring, final long token) {
        awaitOne(ring);
        assertEquals(token, ring.token(0));
        final int result = ring.result(0);
        ring.release(1);
        return result;
    }

    private static void awaitOne(final IoUring ring) {
        while (ring.ready() == 0) {
            ring.await(SECOND_NS);
        }
    }

    @ParameterizedTest
    @EnumSource(UringMode.class)
    void everyModeReadsAFile(final UringMode mode) throws PosixException {
        final MemoryRegion into = MemoryRegion.allocate(4096);
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 8192, 3);
                IoUring ring = open(mode, 8, 16)) {
            ring.next()
                    .read(file.fd(), NativeMemory.addressOf(into), 4096, 4096)
                    .token(11);
            assertEquals(4096, resultOf(ring, 11));
        }
        final MemoryRegion expected = TestFiles.random(8192, 3);
        assertArrayEquals(TestFiles.bytes(expected, 4096, 4096), TestFiles.bytes(into, 0, 4096));
    }

    @ParameterizedTest
    @EnumSource(UringMode.class)
    void completionsThatOverflowTheRingAllArriveInTheEnd(final UringMode mode) throws PosixException {
        final int total = 200;
        final BitSet seen = new BitSet();
        try (IoUring ring = open(mode, 4, 4)) {
            for (int i = 0; i < total; i++) {
                while (!ring.hasRoom()) {
                    ring.submit();
                    if (!ring.hasRoom()) {
                        takeAll(ring, seen); // older kernels refuse more before completions are taken
                    }
                }
                ring.next().nop().token(i);
            }
            while (seen.cardinality() < total) {
                ring.submit();
                takeAll(ring, seen);
            }
        }
        assertEquals(total, seen.length());
    }

    private static void takeAll(final IoUring ring, final BitSet seen) {
        final int ready = ring.ready();
        for (int i = 0; i < ready; i++) {
            final int token = (int) ring.token(i);
            assertFalse(seen.get(token), "twice: " + token);
            seen.set(token);
        }
        ring.release(ready);
    }

    @Test
    void ringIsFullAfterAsManyOperationsAsItHasEntries() throws PosixException {
        try (IoUring ring = open()) {
            for (int i = 0; i < 8; i++) {
                assertTrue(ring.hasRoom());
                ring.next().nop().token(i);
            }
            assertFalse(ring.hasRoom());
            assertEquals(8, ring.queued());
            assertEquals(8, ring.submit());
            assertTrue(ring.hasRoom());
            assertEquals(8, ring.ready());
        }
    }

    @Test
    void retractedOperationsNeverReachTheKernel() throws PosixException {
        try (IoUring ring = open()) {
            ring.next().nop().token(1);
            ring.next().nop().token(2);
            assertEquals(2, ring.retract());
            assertEquals(1, ring.submit());
            assertEquals(1, ring.ready());
            assertEquals(1, ring.token(0));
        }
    }

    @Test
    void pollOfADescriptorCompletesWhenItBecomesReady() throws PosixException {
        try (EventFd event = EventFd.create();
                IoUring ring = open()) {
            ring.next().poll(event.fd(), Epoll.READABLE).token(5);
            ring.submit();
            assertEquals(0, ring.ready());
            event.signal();
            assertEquals(Epoll.READABLE, resultOf(ring, 5) & Epoll.READABLE);
        }
    }

    @Test
    void repeatedPollCompletesForEachSignalThoughNobodyDrains() throws PosixException {
        try (EventFd event = EventFd.create();
                IoUring ring = open()) {
            ring.next().pollRepeatedly(event.fd(), Epoll.READABLE).token(5);
            ring.submit();
            for (int i = 0; i < 3; i++) {
                event.signal();
                awaitOne(ring);
                assertTrue(ring.more(0));
                assertEquals(Epoll.READABLE, resultOf(ring, 5) & Epoll.READABLE);
            }
        }
    }

    @Test
    void cancelEndsAnArmedPollWithEcanceled() throws PosixException {
        try (EventFd event = EventFd.create();
                IoUring ring = open()) {
            ring.next().poll(event.fd(), Epoll.READABLE).token(7);
            ring.submit();
            ring.next().cancel(7).token(8);
            ring.submit();
            while (ring.ready() < 2) {
                ring.await(SECOND_NS);
            }
            final int first = ring.token(0) == 7 ? 0 : 1;
            assertEquals(-Errno.ECANCELED.number(), ring.result(first));
            assertEquals(0, ring.result(1 - first));
        }
    }

    @Test
    void fixedBuffersAndFilesWork() throws PosixException {
        final MemoryRegion buffer = TestFiles.random(8192, 21);
        final MemoryRegion into = MemoryRegion.allocate(4096);
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 8192, 3);
                IoUring ring = open()) {
            ring.registry().createFileTable(4);
            ring.registry().setFile(2, file.fd());
            ring.registry().registerBuffers(into, buffer);
            final long address = NativeMemory.addressOf(buffer);
            ring.next().write(2, address, 4096, 0).fixedFile().fixedBuffer(1).token(1);
            assertEquals(4096, resultOf(ring, 1));
            ring.next()
                    .read(2, address + 4096, 4096, 0)
                    .fixedFile()
                    .fixedBuffer(1)
                    .token(2);
            assertEquals(4096, resultOf(ring, 2));
            ring.next().read(2, 4096, 4096, 0).fixedFile().fixedBuffer(1).token(3);
            assertEquals(-Errno.EFAULT.number(), resultOf(ring, 3));
            ring.registry().unregisterBuffers();
        }
        assertArrayEquals(TestFiles.bytes(buffer, 0, 4096), TestFiles.bytes(buffer, 4096, 4096));
    }

    @Test
    void clearedPlaceOfTheFileTableFailsWithEbadf() throws PosixException {
        final MemoryRegion into = MemoryRegion.allocate(512);
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 8192, 3);
                IoUring ring = open()) {
            ring.registry().createFileTable(1);
            ring.registry().setFile(0, file.fd());
            ring.registry().clearFile(0);
            ring.next()
                    .read(0, NativeMemory.addressOf(into), 512, 0)
                    .fixedFile()
                    .token(1);
            assertEquals(-Errno.EBADF.number(), resultOf(ring, 1));
        }
    }

    @Test
    void awaitEndsWithItsTimeout() throws PosixException {
        try (IoUring ring = open()) {
            final long startNs = System.nanoTime();
            assertEquals(0, ring.await(30_000_000));
            final long tookNs = System.nanoTime() - startNs;
            assertTrue(tookNs >= 25_000_000 && tookNs < 5 * SECOND_NS, "took " + tookNs + " ns");
        }
    }

    @Test
    void ringEnabledByOneThreadRefusesAnotherAndSaysWhy() throws Exception {
        try (IoUring ring = open()) {
            final UncheckedIOException e = Restricted.onNewThread(() -> {
                ring.next().nop().token(1);
                return assertThrows(UncheckedIOException.class, ring::submit);
            });
            final PosixException cause = (PosixException) Objects.requireNonNull(e.getCause());
            assertEquals(Errno.EEXIST.number(), cause.errno());
            assertTrue(cause.toString().endsWith("Only the thread that enabled a ring may use it"));
        }
    }

    @Test
    void ringMayBeOpenedByOneThreadAndEnabledByAnother() throws Exception {
        try (IoUring ring = IoUring.open(8)) {
            final int result = Restricted.onNewThread(() -> {
                ring.enable();
                ring.next().nop().token(4);
                return resultOf(ring, 4);
            });
            assertEquals(0, result);
        } catch (final IoUringUnavailableException e) {
            abort(e.getMessage());
        }
    }

    @Test
    void unavailabilityTellsItsCause() throws Exception {
        final PosixException forbidden = failureToOpen(Errno.EPERM);
        assertEquals(Errno.EPERM.number(), forbidden.errno());
        assertEquals(
                "io_uring_setup of an io_uring failed: EPERM (operation not permitted). Forbidden by the sysctl"
                        + " kernel.io_uring_disabled or by a seccomp filter (containers often set one)",
                forbidden.getMessage());
        assertEquals(Errno.ENOSYS.number(), failureToOpen(Errno.ENOSYS).errno());
        assertEquals(Errno.ENOMEM.number(), failureToOpen(Errno.ENOMEM).errno());
    }

    @Test
    void kernelThatKnowsNoModeIsUnavailable() throws Exception {
        assertEquals(Errno.EINVAL.number(), failureToOpen(Errno.EINVAL).errno());
    }

    private static PosixException failureToOpen(final Errno errno) throws Exception {
        return Restricted.call(
                Abi.SYS_IO_URING_SETUP,
                errno,
                () -> assertThrows(IoUringUnavailableException.class, () -> IoUring.open(8)));
    }
}
