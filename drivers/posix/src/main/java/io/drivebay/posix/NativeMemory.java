package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.lang.ref.Cleaner;
import java.nio.ByteBuffer;

/**
 * A mapping of page-aligned memory as a {@link MemoryRegion}.
 *
 * <p>{@link #close()} unmaps at once: touching the region or letting the kernel write into it afterwards crashes the
 * process, so close only what nobody uses. A mapping that is never closed goes when its region is garbage.
 */
public final class NativeMemory implements AutoCloseable {
    /** Size of a page of the machine. */
    public static final int PAGE_BYTES = LibC.getpagesize();

    private static final int PROT_READ = 0x1;
    private static final int PROT_WRITE = 0x2;
    private static final int MAP_SHARED = 0x01;
    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int MAP_POPULATE = 0x8000;
    private static final Cleaner CLEANER = Cleaner.create();

    private final Mapping mapping;
    private final MemoryRegion region;
    private final Cleaner.Cleanable unmapping;

    private NativeMemory(final Mapping mapping) {
        this.mapping = mapping;
        final ByteBuffer base = LibC.bufferAt(mapping.address, mapping.lengthBytes);
        this.region = MemoryRegion.of(base, mapping.address);
        // Every duplicate of a direct buffer refers to the base: it is garbage only when the last of them is.
        this.unmapping = CLEANER.register(base, mapping);
    }

    /** Zeroed memory that starts at a page boundary; the size is rounded up to whole pages. */
    public static NativeMemory allocate(final int lengthBytes) throws PosixException {
        final int rounded = wholePages(lengthBytes);
        return map(new Request(-1, 0, rounded, MAP_PRIVATE | MAP_ANONYMOUS, PROT_READ | PROT_WRITE), "memory");
    }

    /** Maps a range of an open file for reading and writing, shared with everyone who maps it. */
    public static NativeMemory mapShared(final PosixFile file, final long offsetBytes, final int lengthBytes)
            throws PosixException {
        return mapShared(file.fd(), offsetBytes, lengthBytes, file.path());
    }

    static NativeMemory mapShared(final int fd, final long offsetBytes, final int lengthBytes, final String name)
            throws PosixException {
        return map(new Request(fd, offsetBytes, lengthBytes, MAP_SHARED, PROT_READ | PROT_WRITE), name);
    }

    /** Maps and makes all pages present at once. */
    static NativeMemory mapPopulated(final int fd, final long offsetBytes, final int lengthBytes, final String name)
            throws PosixException {
        return map(new Request(fd, offsetBytes, lengthBytes, MAP_SHARED | MAP_POPULATE, PROT_READ | PROT_WRITE), name);
    }

    private record Request(int fd, long offsetBytes, int lengthBytes, int flags, int protection) {}

    private static NativeMemory map(final Request wanted, final String name) throws PosixException {
        if (wanted.lengthBytes <= 0 || wanted.lengthBytes > MemoryRegion.MAX_BYTES) {
            throw new IllegalArgumentException(
                    "lengthBytes=" + wanted.lengthBytes + " is not in 1.." + MemoryRegion.MAX_BYTES);
        }
        final long address =
                LibC.mmap(0, wanted.lengthBytes, wanted.protection, wanted.flags, wanted.fd, wanted.offsetBytes);
        if (address == -1) {
            final String attempted = "mmap of " + wanted.lengthBytes + " bytes at " + wanted.offsetBytes;
            throw Calls.failure(LibC.errno(), attempted, name);
        }
        return new NativeMemory(new Mapping(address, wanted.lengthBytes));
    }

    /** Address of a region's first byte; the region remembers it. */
    public static long addressOf(final MemoryRegion region) {
        return region.address(LibC::addressOf);
    }

    /** Rounds a size up to whole pages. */
    public static int wholePages(final int lengthBytes) {
        return Math.addExact(lengthBytes, PAGE_BYTES - 1) & -PAGE_BYTES;
    }

    /** The memory; not to be touched after {@link #close()}. */
    public MemoryRegion region() {
        return region;
    }

    /** A part of the memory, as a region of its own. */
    MemoryRegion piece(final int offsetBytes, final int lengthBytes) {
        return MemoryRegion.of(region.buffer().slice(offsetBytes, lengthBytes), mapping.address + offsetBytes);
    }

    /** Address of the first byte, a multiple of the page size. */
    public long address() {
        return mapping.address;
    }

    /** Unmaps; later calls do nothing. */
    @Override
    public void close() {
        unmapping.clean();
    }

    /** The address range; as a cleaning action it runs once, at close or when the region is garbage. */
    private record Mapping(long address, int lengthBytes) implements Runnable {
        @Override
        public void run() {
            LibC.munmap(address, lengthBytes);
        }
    }
}
