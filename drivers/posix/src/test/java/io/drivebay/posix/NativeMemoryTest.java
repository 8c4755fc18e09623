package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeMemoryTest {
    @TempDir
    Path folder;

    @Test
    void allocatedMemoryIsPageAlignedWholePagesAndZero() throws PosixException {
        try (NativeMemory memory = NativeMemory.allocate(5000)) {
            assertEquals(0, memory.address() % NativeMemory.PAGE_BYTES);
            assertEquals(2 * NativeMemory.PAGE_BYTES, memory.region().size());
            assertTrue(memory.region().isZero(0, memory.region().size()));
            assertEquals(memory.address(), NativeMemory.addressOf(memory.region()));
        }
    }

    @Test
    void addressOfABufferIsThatOfItsIndexZero() throws PosixException {
        final ByteBuffer buffer = ByteBuffer.allocateDirect(64);
        buffer.position(10);
        final MemoryRegion whole = MemoryRegion.of(buffer);
        final MemoryRegion part = MemoryRegion.of(buffer.slice());
        assertEquals(NativeMemory.addressOf(whole) + 10, NativeMemory.addressOf(part));
    }

    @Test
    void whatTheKernelReadsIsWhatJavaWroteAtTheAddress() throws Exception {
        final MemoryRegion from = TestFiles.random(4096, 4);
        try (PosixFile file = PosixFile.open(folder.resolve("f").toString(), OpenFlag.READ_WRITE, OpenFlag.CREATE)) {
            assertEquals(4000, file.pwrite(NativeMemory.addressOf(from) + 96, 4000, 0));
        }
        assertArrayEquals(TestFiles.bytes(from, 96, 4000), Files.readAllBytes(folder.resolve("f")));
    }

    @Test
    void mappingOfAFileShowsAndChangesTheFile() throws Exception {
        final int page = NativeMemory.PAGE_BYTES;
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 3 * page, 8);
                NativeMemory memory = NativeMemory.mapShared(file, page, page)) {
            final MemoryRegion expected = TestFiles.random(3 * page, 8);
            assertArrayEquals(TestFiles.bytes(expected, page, page), TestFiles.bytes(memory.region(), 0, page));
            memory.region().putLong(0, 0x0102030405060708L);
        }
        assertEquals(8, Files.readAllBytes(folder.resolve("f"))[page]);
    }

    @Test
    void mappingAtAnOddOffsetFailsWithEinval() throws Exception {
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 8192, 8)) {
            final PosixException e = assertThrows(PosixException.class, () -> NativeMemory.mapShared(file, 1, 4096));
            assertEquals(Errno.EINVAL.number(), e.errno());
        }
    }

    @Test
    void twoMappingsOfAMemoryFileAreTheSameMemory() throws PosixException {
        final int page = NativeMemory.PAGE_BYTES;
        try (MemoryFile file = MemoryFile.create("guest", 4L * page);
                NativeMemory all = file.map(0, 4 * page);
                NativeMemory last = file.map(3L * page, page)) {
            last.region().putInt(12, 0xcafe);
            assertEquals(0xcafe, all.region().getInt(3 * page + 12));
            assertEquals(4L * page, file.sizeBytes());
        }
    }

    @Test
    void sealedMemoryFileKeepsItsSize() throws PosixException {
        try (MemoryFile file = MemoryFile.create("guest", 8192)) {
            file.sealSize();
            final PosixException e = assertThrows(PosixException.class, file::sealSize);
            assertEquals(Errno.EPERM.number(), e.errno());
            final int duplicate = LibC.fcntl(file.fd(), 1030, 0); // F_DUPFD_CLOEXEC
            try (PosixFile other = PosixFile.adopt(duplicate, "duplicate")) {
                final PosixException refused = assertThrows(PosixException.class, () -> other.truncate(4096));
                assertEquals(Errno.EPERM.number(), refused.errno());
            }
        }
    }

    @Test
    void mappingNobodyClosesGoesWhenItsRegionIsGarbage() throws Exception {
        mapAndForget();
        for (int i = 0; i < 200 && forgottenIsMapped(); i++) {
            System.gc();
            Thread.sleep(20);
        }
        assertFalse(forgottenIsMapped());
    }

    private static void mapAndForget() throws Exception {
        try (MemoryFile file = MemoryFile.create("forgotten", NativeMemory.PAGE_BYTES)) {
            final MemoryRegion region = file.map(0, NativeMemory.PAGE_BYTES).region();
            System.gc();
            region.putLong(0, 1); // the region alone keeps the memory
            assertTrue(forgottenIsMapped());
            assertEquals(1, region.getLong(0));
        }
    }

    private static boolean forgottenIsMapped() throws IOException {
        return Files.readString(Path.of("/proc/self/maps")).contains("memfd:forgotten");
    }
}
