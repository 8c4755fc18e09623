package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class PassedMemoryTest {
    private static final int PAGE = NativeMemory.PAGE_BYTES;

    private static PosixFile passed(final MemoryFile file) throws PosixException {
        return PosixFile.open("/proc/self/fd/" + file.fd(), OpenFlag.READ_WRITE);
    }

    @Test
    void aRangeThatBeginsWithinAPageIsMapped() throws PosixException {
        try (MemoryFile file = MemoryFile.create("guest", 4L * PAGE);
                NativeMemory whole = file.map(0, 4 * PAGE);
                PassedMemory memory = PassedMemory.map(passed(file), PAGE + 512, 2L * PAGE)) {
            assertEquals(1, memory.pieces().size());
            assertEquals(2 * PAGE, memory.pieces().get(0).size());
            memory.pieces().get(0).putInt(0, 0x1234);
            assertEquals(0x1234, whole.region().getInt(PAGE + 512));
            assertEquals(0, NativeMemory.addressOf(memory.pieces().get(0)) % PAGE - 512);
        }
    }

    @Test
    void moreThanAGibibyteComesInPiecesThatAdjoin() throws PosixException {
        final long size = 2L * MemoryRegion.MAX_BYTES + 3L * PAGE;
        try (MemoryFile file = MemoryFile.create("guest", size);
                PassedMemory memory = PassedMemory.map(passed(file), PAGE + 16, size - PAGE - 16);
                NativeMemory end = file.map(2L * MemoryRegion.MAX_BYTES + PAGE, PAGE)) {
            assertEquals(
                    size - PAGE - 16,
                    memory.pieces().stream().mapToLong(MemoryRegion::size).sum());
            final MemoryRegion last = memory.pieces().get(memory.pieces().size() - 1);
            end.region().putLong(64, 77);
            assertEquals(77, last.getLong(64));
        }
    }

    @Test
    void aRangeOutsideItsFileIsRefused() throws PosixException {
        try (MemoryFile file = MemoryFile.create("guest", 2L * PAGE)) {
            for (final long[] range : new long[][] {
                {PAGE, 2L * PAGE}, {-1, PAGE}, {Long.MAX_VALUE, PAGE}, {0, Long.MAX_VALUE}, {0, 0}, {3L * PAGE, 1}
            }) {
                final PosixFile descriptor = passed(file);
                assertThrows(PosixException.class, () -> PassedMemory.map(descriptor, range[0], range[1]));
                assertThrows(IllegalStateException.class, descriptor::fd);
            }
        }
    }

    @Test
    void whatIsNoFileIsRefused() throws PosixException {
        try (EventFd event = EventFd.create()) {
            final PosixFile descriptor = PosixFile.open("/dev/zero", OpenFlag.READ_WRITE);
            assertThrows(PosixException.class, () -> PassedMemory.map(descriptor, 0, PAGE));
            final UnixSocket[] pair = UnixSocket.pair();
            pair[1].close();
            final PosixFile socket = PosixFile.adopt(pair[0].fd(), "socket");
            assertThrows(PosixException.class, () -> PassedMemory.map(socket, 0, PAGE));
            assertTrue(event.fd() >= 0);
        }
    }

    @Test
    void aMemfdThatCanBeSealedCannotShrinkAnyMore() throws PosixException {
        try (MemoryFile file = MemoryFile.create("guest", 2L * PAGE);
                PassedMemory memory = PassedMemory.map(passed(file), 0, 2L * PAGE)) {
            assertTrue(memory.sealed());
            assertEquals(
                    "EPERM",
                    assertThrows(PosixException.class, () -> file.truncate(PAGE))
                            .errnoName());
            assertTrue(memory.whole());
        }
    }

    @Test
    void aFileThatCannotBeSealedIsKnownToHaveShrunk() throws PosixException {
        try (MemoryFile file = MemoryFile.createUnsealable("guest", 2L * PAGE);
                PassedMemory memory = PassedMemory.map(passed(file), 0, 2L * PAGE)) {
            assertFalse(memory.sealed());
            assertTrue(memory.whole());
            file.truncate(PAGE);
            assertFalse(memory.whole());
        }
    }
}
