package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.nio.charset.StandardCharsets;

/**
 * Off-heap memory of one thread for the arguments of one call; the next call overwrites it.
 *
 * <pre>
 * 0              512                    4608
 * | a structure  | a path, zero closed  |
 * </pre>
 */
final class Scratch {
    private static final int STRUCTURE_BYTES = 512;
    private static final int PATH_OFFSET = STRUCTURE_BYTES;
    /** PATH_MAX of Linux, which counts the closing zero. */
    private static final int PATH_BYTES = 4096;

    private static final ThreadLocal<Scratch> PER_THREAD = ThreadLocal.withInitial(Scratch::new);

    private final MemoryRegion region = MemoryRegion.allocate(STRUCTURE_BYTES + PATH_BYTES);
    private final long address = NativeMemory.addressOf(region);

    private Scratch() {}

    /** This thread's scratch memory, its structure part zeroed. */
    static Scratch zeroed() {
        final Scratch mine = PER_THREAD.get();
        mine.region.fill(0, STRUCTURE_BYTES, (byte) 0);
        return mine;
    }

    /** Index 0 is the first byte of the structure. */
    MemoryRegion structure() {
        return region;
    }

    /** Address of the structure. */
    long address() {
        return address;
    }

    /** Stores a path or name as a C string in UTF-8 and returns its address. */
    long path(final String path, final String purpose) throws PosixException {
        final byte[] bytes = path.getBytes(StandardCharsets.UTF_8);
        if (bytes.length >= PATH_BYTES) {
            throw Calls.failure(Errno.ENAMETOOLONG.number(), purpose, path);
        }
        if (path.indexOf('\0') >= 0) {
            final String shown = path.replace("\0", "\\0");
            throw new PosixException(Errno.EINVAL.number(), purpose, shown, "The path holds a zero byte");
        }
        region.putBytes(PATH_OFFSET, bytes, 0, bytes.length);
        region.putByte(PATH_OFFSET + bytes.length, (byte) 0);
        return address + PATH_OFFSET;
    }
}
