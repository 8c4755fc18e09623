package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.IoVector;
import io.drivebay.posix.FileStatus.DirectIoAlignment;
import io.drivebay.posix.FileStatus.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PosixFileTest {
    @TempDir
    Path folder;

    private String path(final String name) {
        return folder + "/" + name;
    }

    @Test
    void missingFileFailsWithEnoentAndSaysWhichFile() {
        final PosixException e =
                assertThrows(PosixException.class, () -> PosixFile.open(path("none"), OpenFlag.READ_WRITE));
        assertEquals(2, e.errno());
        assertEquals("ENOENT", e.errnoName());
        assertEquals("open of " + path("none") + " failed: ENOENT (no such file or directory)", e.getMessage());
    }

    @Test
    void exclusiveCreateOfAnExistingFileFailsWithEexist() throws Exception {
        Files.createFile(folder.resolve("there"));
        final PosixException e = assertThrows(
                PosixException.class,
                () -> PosixFile.open(path("there"), OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE));
        assertEquals(Errno.EEXIST.number(), e.errno());
    }

    @Test
    void createdFileGetsItsMode() throws Exception {
        PosixFile.open(path("secret"), 0600, OpenFlag.READ_WRITE, OpenFlag.CREATE)
                .close();
        assertEquals(0600, PosixFile.statusOf(path("secret")).permissions());
    }

    @Test
    void pathWithZeroByteFailsWithEinval() {
        final PosixException e = assertThrows(PosixException.class, () -> PosixFile.open(path("a\0b")));
        assertEquals(Errno.EINVAL.number(), e.errno());
    }

    @Test
    void pathThatIsTooLongFailsWithEnametoolong() {
        final PosixException e = assertThrows(PosixException.class, () -> PosixFile.open("/" + "x/".repeat(3000)));
        assertEquals(Errno.ENAMETOOLONG.number(), e.errno());
    }

    @Test
    void pathOutsideAsciiIsUtf8() throws Exception {
        PosixFile.open(path("dück-光"), OpenFlag.READ_WRITE, OpenFlag.CREATE).close();
        assertEquals(Kind.REGULAR, PosixFile.statusOf(path("dück-光")).kind());
    }

    @Test
    void whatIsWrittenIsRead() throws Exception {
        final MemoryRegion from = TestFiles.random(5000, 1);
        final MemoryRegion into = MemoryRegion.allocate(6000);
        try (PosixFile file = PosixFile.open(path("f"), OpenFlag.READ_WRITE, OpenFlag.CREATE)) {
            assertEquals(5000, file.pwrite(NativeMemory.addressOf(from), 5000, 100));
            assertEquals(5000, file.pread(NativeMemory.addressOf(into), 6000, 100));
            assertEquals(0, file.pread(NativeMemory.addressOf(into), 6000, 5100));
        }
        assertArrayEquals(TestFiles.bytes(from, 0, 5000), TestFiles.bytes(into, 0, 5000));
    }

    @Test
    void vectoredReadAndWriteMoveAllSegments() throws Exception {
        final MemoryRegion from = TestFiles.random(3000, 2);
        final MemoryRegion into = MemoryRegion.allocate(3000);
        final IoVector list = new IoVector();
        try (PosixFile file = PosixFile.open(path("f"), OpenFlag.READ_WRITE, OpenFlag.CREATE)) {
            list.add(from, 0, 1000);
            list.add(from, 1000, 2000);
            assertEquals(3000, file.pwritev(list, 0));
            list.clear();
            list.add(into, 0, 17);
            list.add(into, 17, 2983);
            assertEquals(3000, file.preadv(list, 0));
        }
        assertArrayEquals(TestFiles.bytes(from, 0, 3000), TestFiles.bytes(into, 0, 3000));
    }

    @Test
    void readOfNegativeOffsetFailsWithEinvalAndSaysWhatWasTried() throws Exception {
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 512, 1)) {
            final MemoryRegion into = MemoryRegion.allocate(16);
            final PosixException e =
                    assertThrows(PosixException.class, () -> file.pread(NativeMemory.addressOf(into), 16, -1));
            assertEquals(Errno.EINVAL.number(), e.errno());
            assertEquals(
                    "read of 16 bytes at -1 of " + path("f") + " failed: EINVAL (invalid argument). Direct I/O needs"
                            + " aligned addresses, lengths and offsets; offsets must not be negative",
                    e.getMessage());
        }
    }

    @Test
    void statusTellsKindSizeAndIdentity() throws Exception {
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 10_000, 1)) {
            final FileStatus status = file.status();
            assertEquals(Kind.REGULAR, status.kind());
            assertEquals(10_000, status.sizeBytes());
            assertEquals(
                    Files.getAttribute(folder.resolve("f"), "unix:ino"),
                    status.identity().inode());
            assertEquals(status.identity(), PosixFile.statusOf(path("f")).identity());
        }
        assertEquals(Kind.DIRECTORY, PosixFile.statusOf(folder.toString()).kind());
        assertEquals(Kind.CHARACTER_DEVICE, PosixFile.statusOf("/dev/null").kind());
    }

    @Test
    void alignmentOfDirectIoIsAPowerOfTwoWhereTheKernelTellsIt() throws Exception {
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 8192, 1)) {
            final DirectIoAlignment alignment = file.status().directIo();
            if (alignment == null || !alignment.supported()) {
                abort("no STATX_DIOALIGN here");
                return;
            }
            assertEquals(1, Integer.bitCount(alignment.memoryBytes()));
            assertEquals(1, Integer.bitCount(alignment.offsetBytes()));
        }
    }

    @Test
    void seekFindsDataAndHoles() throws Exception {
        final int mib = 1 << 20;
        try (PosixFile file = PosixFile.open(path("sparse"), OpenFlag.READ_WRITE, OpenFlag.CREATE)) {
            file.truncate(4L * mib);
            final MemoryRegion from = TestFiles.random(4096, 1);
            file.pwrite(NativeMemory.addressOf(from), 4096, mib);
            assertEquals(mib, file.seekData(0));
            assertEquals(0, file.seekHole(0));
            assertEquals(mib + 4096, file.seekHole(mib));
            assertEquals(PosixFile.NOT_FOUND, file.seekData(2L * mib));
            assertEquals(PosixFile.NOT_FOUND, file.seekData(4L * mib));
        }
    }

    @Test
    void fallocateKeepsOrExtendsTheSizeAsItsModeSays() throws Exception {
        try (PosixFile file = PosixFile.open(path("f"), OpenFlag.READ_WRITE, OpenFlag.CREATE)) {
            file.fallocate(FallocateMode.ALLOCATE_KEEP_SIZE, 0, 65536);
            assertEquals(0, file.status().sizeBytes());
            assertEquals(65536, file.status().allocatedBytes());
            file.fallocate(FallocateMode.ALLOCATE, 0, 65536);
            assertEquals(65536, file.status().sizeBytes());
            file.fallocate(FallocateMode.PUNCH_HOLE, 0, 65536);
            assertEquals(65536, file.status().sizeBytes());
            assertEquals(0, file.status().allocatedBytes());
        }
    }

    @Test
    void directIoCanBeTurnedOnAndOff() throws Exception {
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 8192, 1)) {
            assertFalse(file.direct());
            file.direct(true);
            assertTrue(file.direct());
            file.direct(false);
            assertFalse(file.direct());
        }
    }

    @Test
    void flushesSucceed() throws Exception {
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 8192, 1)) {
            file.fsync();
            file.fdatasync();
        }
    }

    @Test
    void controlOfABlockDeviceOnAFileFailsWithEnotty() throws Exception {
        try (PosixFile file = TestFiles.filled(folder.resolve("f"), 8192, 1)) {
            final PosixException e = assertThrows(PosixException.class, () -> new BlockDeviceControl(file).sizeBytes());
            assertEquals(Errno.ENOTTY.number(), e.errno());
        }
    }

    @Test
    void directoryIsNotOpenedForWriting() {
        final PosixException e =
                assertThrows(PosixException.class, () -> PosixFile.open(folder.toString(), OpenFlag.READ_WRITE));
        assertEquals(Errno.EISDIR.number(), e.errno());
    }

    @Test
    void closedFileIsNotUsedBecauseItsDescriptorMayBeAnothers() throws Exception {
        final PosixFile file = TestFiles.filled(folder.resolve("a"), 512, 1);
        file.close();
        assertThrows(IllegalStateException.class, file::fdatasync);
        assertThrows(IllegalStateException.class, file::fd);
    }

    @Test
    void closeTwiceClosesOneDescriptor() throws Exception {
        final PosixFile first = TestFiles.filled(folder.resolve("a"), 512, 1);
        first.close();
        try (PosixFile second = TestFiles.filled(folder.resolve("b"), 512, 1)) {
            first.close();
            assertEquals(512, second.status().sizeBytes());
        }
    }
}
