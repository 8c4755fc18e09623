package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.peers.Peers;
import io.drivebay.posix.FileStatus.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a loop device, which needs root. */
final class BlockDeviceControlTest {
    private static final int SIZE_BYTES = 8 << 20;

    @TempDir
    Path folder;

    private @Nullable String loop;

    @BeforeEach
    void makeLoopDevice() throws Exception {
        Peers.need("losetup");
        TestFiles.filled(folder.resolve("backing"), SIZE_BYTES, 1).close();
        final String name =
                losetup("--find", "--show", folder.resolve("backing").toString());
        assumeTrue(name.startsWith("/dev/"), "no loop device: " + name);
        loop = name;
    }

    @AfterEach
    void removeLoopDevice() throws Exception {
        if (loop != null) {
            losetup("--detach", loop);
        }
    }

    private static String losetup(final String... arguments) throws IOException, InterruptedException {
        final String[] command = new String[arguments.length + 1];
        command[0] = "losetup";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    private PosixFile open(final OpenFlag... flags) throws PosixException {
        return PosixFile.open(Objects.requireNonNull(loop), flags);
    }

    @Test
    void deviceTellsItsSizeAndBlockSize() throws PosixException {
        try (PosixFile file = open()) {
            final BlockDeviceControl device = new BlockDeviceControl(file);
            assertEquals(SIZE_BYTES, device.sizeBytes());
            assertEquals(512, device.logicalBlockBytes());
            assertFalse(device.readOnly());
        }
    }

    @Test
    void statusTellsABlockDeviceAndItsNumber() throws PosixException {
        try (PosixFile file = open()) {
            final FileStatus status = file.status();
            assertEquals(Kind.BLOCK_DEVICE, status.kind());
            assertEquals(7, status.device() >> 32);
        }
    }

    @Test
    void zeroOutMakesARangeZeroAndNothingElse() throws PosixException {
        try (PosixFile file = open(OpenFlag.READ_WRITE)) {
            new BlockDeviceControl(file).zeroOut(4096, 8192);
            final MemoryRegion found = MemoryRegion.allocate(16384);
            assertEquals(16384, file.pread(NativeMemory.addressOf(found), 16384, 0));
            final MemoryRegion before = TestFiles.random(SIZE_BYTES, 1);
            assertArrayEquals(TestFiles.bytes(before, 0, 4096), TestFiles.bytes(found, 0, 4096));
            assertTrue(found.isZero(4096, 8192));
            assertArrayEquals(TestFiles.bytes(before, 12288, 4096), TestFiles.bytes(found, 12288, 4096));
        }
    }

    @Test
    void discardGivesSpaceOfTheBackingFileBack() throws PosixException {
        final String backing = folder.resolve("backing").toString();
        final long before = PosixFile.statusOf(backing).allocatedBytes();
        try (PosixFile file = open(OpenFlag.READ_WRITE)) {
            new BlockDeviceControl(file).discard(1 << 20, 4 << 20);
        }
        assertEquals(before - (4 << 20), PosixFile.statusOf(backing).allocatedBytes());
    }

    @Test
    void discardThatIsNotAlignedFailsWithEinval() throws PosixException {
        try (PosixFile file = open(OpenFlag.READ_WRITE)) {
            final PosixException e =
                    assertThrows(PosixException.class, () -> new BlockDeviceControl(file).discard(1, 512));
            assertEquals(Errno.EINVAL.number(), e.errno());
        }
    }
}
