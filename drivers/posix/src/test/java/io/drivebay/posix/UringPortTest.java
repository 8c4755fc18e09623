package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.drivebay.backend.memory.MemoryRegion;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class UringPortTest extends AsyncFilePortContract {
    @Override
    AsyncFilePort open(final PortOptions options) throws PosixException {
        try {
            return UringPort.open(options);
        } catch (final IoUringUnavailableException e) {
            return abort(e.getMessage());
        }
    }

    @Test
    void pollWithNothingToDoDoesNotEnterTheKernel() throws Exception {
        final AsyncFilePort restricted = open(PortOptions.DEFAULT);
        final UncheckedIOException whenThereIsWork = Restricted.onNewThread(() -> {
            final AsyncFile<String> attached = restricted.attach(file, (cookie, result) -> {});
            Restricted.deny(Abi.SYS_IO_URING_ENTER, Errno.ENOSYS);
            assertEquals(0, restricted.poll());
            final MemoryRegion into = MemoryRegion.allocate(512);
            assertTrue(attached.read(NativeMemory.addressOf(into), 512, 0, "read"));
            return assertThrows(UncheckedIOException.class, restricted::poll);
        });
        assertTrue(String.valueOf(whenThereIsWork.getMessage()).contains("ENOSYS"));
        restricted.close();
    }

    @Test
    void theKernelGetsTheFirstOfManyOperationsBeforeTheNextPoll() throws Exception {
        final AsyncFilePort restricted = open(PortOptions.DEFAULT);
        final UncheckedIOException atTheFifth = Restricted.onNewThread(() -> {
            final AsyncFile<String> attached = restricted.attach(file, (cookie, result) -> {});
            final MemoryRegion into = MemoryRegion.allocate(512);
            Restricted.deny(Abi.SYS_IO_URING_ENTER, Errno.ENOSYS);
            for (int i = 0; i < 4; i++) {
                assertTrue(attached.read(NativeMemory.addressOf(into), 512, 0, "read"));
            }
            return assertThrows(
                    UncheckedIOException.class, () -> attached.read(NativeMemory.addressOf(into), 512, 0, "read"));
        });
        assertTrue(String.valueOf(atTheFifth.getMessage()).contains("ENOSYS"));
        restricted.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"EAGAIN", "EBUSY", "EINTR"})
    void kernelThatTakesNothingNowIsNoFailure(final Errno refusal) throws Exception {
        final AsyncFilePort restricted = open(PortOptions.DEFAULT);
        final MemoryRegion into = MemoryRegion.allocate(512);
        final int handled = Restricted.onNewThread(() -> {
            final AsyncFile<String> attached = restricted.attach(file, this::completed);
            Restricted.deny(Abi.SYS_IO_URING_ENTER, refusal);
            assertTrue(attached.read(at(into), 512, 0, "read"));
            return restricted.poll();
        });
        assertEquals(0, handled);
        assertTrue(restricted.busy());
        restricted.close();
        assertEquals(-Errno.ECANCELED.number(), results.get("read"));
    }

    @Test
    void readsInTheLongRunAllocateNothing() throws PosixException {
        final MemoryRegion into = MemoryRegion.allocate(4096);
        final long address = NativeMemory.addressOf(into);
        final int[] completed = new int[1];
        final AsyncFile<Object> counted = port.attach(file, (cookie, result) -> completed[0]++);
        final int warmUp = 50_000;
        readMany(counted, address, warmUp);
        final long before = allocatedBytes();
        readMany(counted, address, warmUp);
        final long allocated = allocatedBytes() - before;
        assertEquals(2 * warmUp, completed[0]);
        assertTrue(allocated < warmUp, allocated + " bytes for " + warmUp + " reads");
    }

    private void readMany(final AsyncFile<Object> target, final long address, final int count) {
        int started = 0;
        while (started < count || port.busy()) {
            while (started < count && target.read(address, 4096, (started % 256) * 4096L, this)) {
                started++;
            }
            if (port.poll() == 0) {
                port.await(1_000_000_000L);
            }
        }
    }

    private static long allocatedBytes() {
        final com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    }
}
