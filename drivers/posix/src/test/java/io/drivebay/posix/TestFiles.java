package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.nio.file.Path;
import java.util.Random;

/** Files with known content for tests. */
final class TestFiles {
    private TestFiles() {}

    /** A new file of a size whose bytes follow from a seed. */
    static PosixFile filled(final Path path, final int sizeBytes, final long seed) throws PosixException {
        final PosixFile file = PosixFile.open(path.toString(), OpenFlag.READ_WRITE, OpenFlag.CREATE);
        final MemoryRegion content = random(sizeBytes, seed);
        int written = 0;
        while (written < sizeBytes) {
            written += file.pwrite(NativeMemory.addressOf(content) + written, sizeBytes - written, written);
        }
        return file;
    }

    /** Memory whose bytes follow from a seed. */
    static MemoryRegion random(final int sizeBytes, final long seed) {
        final byte[] bytes = new byte[sizeBytes];
        new Random(seed).nextBytes(bytes);
        final MemoryRegion region = MemoryRegion.allocate(sizeBytes);
        region.putBytes(0, bytes, 0, sizeBytes);
        return region;
    }

    static byte[] bytes(final MemoryRegion region, final int offset, final int length) {
        final byte[] bytes = new byte[length];
        region.getBytes(offset, bytes, 0, length);
        return bytes;
    }
}
