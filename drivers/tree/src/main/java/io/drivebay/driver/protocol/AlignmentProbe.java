package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import io.drivebay.posix.BlockDeviceControl;
import io.drivebay.posix.Errno;
import io.drivebay.posix.FileStatus;
import io.drivebay.posix.FileStatus.DirectIoAlignment;
import io.drivebay.posix.NativeMemory;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import java.lang.ref.Reference;
import java.util.function.LongUnaryOperator;

/**
 * Finds out what a file opened with O_DIRECT demands: from statx, else from the device, else by trying.
 *
 * <p>A control thread; blocks.
 */
final class AlignmentProbe {
    private static final int SECTOR_BYTES = 512;
    private static final int[] CANDIDATES = {1, 512, 1024, 2048, 4096};
    private static final int SAFE_BYTES = 4096;

    private AlignmentProbe() {}

    /**
     * Asks for an open file's alignment.
     *
     * @throws BlockException NOT_SUPPORTED when the file has no direct I/O
     */
    static DirectAlignment of(final PosixFile file, final FileStatus status) throws BlockException {
        try {
            final DirectIoAlignment told = status.directIo();
            if (told != null) {
                return fromStatx(file, told);
            }
            if (status.kind() == FileStatus.Kind.BLOCK_DEVICE) {
                final int block = new BlockDeviceControl(file).logicalBlockBytes();
                return new DirectAlignment(block, block, "BLKSSZGET");
            }
            return byReading(file);
        } catch (final PosixException e) {
            throw FileErrors.io(e);
        }
    }

    private static DirectAlignment fromStatx(final PosixFile file, final DirectIoAlignment told) throws BlockException {
        if (!told.supported()) {
            throw new BlockException(
                    Kind.NOT_SUPPORTED,
                    "cache.direct=on, but the file system of " + file.path() + " has no direct I/O for it");
        }
        return new DirectAlignment(
                Math.max(1, told.memoryBytes()), Math.max(SECTOR_BYTES, told.offsetBytes()), "STATX_DIOALIGN");
    }

    /** Reads with ever larger lengths, then at ever larger addresses, until the file does not object. */
    static DirectAlignment byReading(final PosixFile file) throws PosixException {
        final MemoryRegion memory = RegionPool.aligned(2 * SAFE_BYTES);
        final long address = NativeMemory.addressOf(memory);
        try {
            final int block = smallest(file, candidate -> address, true);
            final int memoryBytes = smallest(file, candidate -> address + candidate, false);
            return new DirectAlignment(memoryBytes, block, "probing");
        } finally {
            Reference.reachabilityFence(memory);
        }
    }

    /* A file that takes any alignment may not be telling the truth: then the safe one is used. */
    private static int smallest(final PosixFile file, final LongUnaryOperator address, final boolean lengthVaries)
            throws PosixException {
        for (final int candidate : CANDIDATES) {
            final int length = lengthVaries ? candidate : SAFE_BYTES;
            if (takes(file, address.applyAsLong(candidate), length)) {
                return candidate == 1 ? SAFE_BYTES : candidate;
            }
        }
        return SAFE_BYTES;
    }

    private static boolean takes(final PosixFile file, final long address, final int length) throws PosixException {
        try {
            file.pread(address, length, 0);
            return true;
        } catch (final PosixException e) {
            if (Errno.EINVAL.is(e.errno())) {
                return false;
            }
            throw e;
        }
    }
}
