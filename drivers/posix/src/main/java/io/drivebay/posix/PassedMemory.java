package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory of another process: a range of a file that it has passed, mapped in pieces of at most 1 GiB.
 *
 * <p>Whoever shortens such a file makes accesses beyond its end fault. A memfd that can be sealed is sealed against that
 * here; for others {@link #sealed} is false, the JVM turns a fault into an {@link InternalError} somewhat later, and
 * {@link #whole} tells afterwards whose fault it was. System calls on such memory fail by EFAULT.
 */
public final class PassedMemory implements AutoCloseable {
    private final PosixFile file;
    private final long endBytes;
    private final boolean sealed;
    private final List<NativeMemory> mappings;
    private final List<MemoryRegion> pieces;

    private PassedMemory(
            final PosixFile file,
            final long endBytes,
            final boolean sealed,
            final List<NativeMemory> mappings,
            final List<MemoryRegion> pieces) {
        this.file = file;
        this.endBytes = endBytes;
        this.sealed = sealed;
        this.mappings = mappings;
        this.pieces = pieces;
    }

    /**
     * Maps a range and takes the file over.
     *
     * @throws PosixException EINVAL when it is no file in memory or on a disk, or does not reach that far; ENOMEM. The
     *     file is closed then
     */
    public static PassedMemory map(final PosixFile file, final long offsetBytes, final long lengthBytes)
            throws PosixException {
        final List<NativeMemory> mappings = new ArrayList<>();
        try {
            final boolean sealed = Seals.addOrHas(file, Seals.SHRINK); // first, so that what is measured then stays so
            final FileStatus status = file.status();
            if (status.kind() != FileStatus.Kind.REGULAR) {
                throw refusal("a passed descriptor is no file that memory can lie in");
            }
            if (offsetBytes < 0 || lengthBytes <= 0 || lengthBytes > status.sizeBytes() - offsetBytes) {
                throw refusal("memory of " + lengthBytes + " bytes at " + offsetBytes + " lies outside its file of "
                        + status.sizeBytes() + " bytes");
            }
            final List<MemoryRegion> pieces = mapPieces(file, offsetBytes, lengthBytes, pageBytes(status), mappings);
            return new PassedMemory(file, offsetBytes + lengthBytes, sealed, mappings, pieces);
        } catch (final PosixException e) {
            mappings.forEach(NativeMemory::close);
            file.close();
            throw e;
        }
    }

    private static PosixException refusal(final String why) {
        return new PosixException(Errno.EINVAL.number(), why);
    }

    /** What offsets and lengths of mappings are multiples of: more than a page for huge pages. */
    private static int pageBytes(final FileStatus status) {
        final int preferred = status.preferredIoBytes();
        final boolean huge = preferred > NativeMemory.PAGE_BYTES
                && preferred <= MemoryRegion.MAX_BYTES
                && Integer.bitCount(preferred) == 1;
        return huge ? preferred : NativeMemory.PAGE_BYTES;
    }

    private static List<MemoryRegion> mapPieces(
            final PosixFile file,
            final long offsetBytes,
            final long lengthBytes,
            final int pageBytes,
            final List<NativeMemory> mappings)
            throws PosixException {
        final List<MemoryRegion> pieces = new ArrayList<>();
        final long end = offsetBytes + lengthBytes;
        for (long at = offsetBytes; at < end; ) {
            final long start = at & -pageBytes;
            final int skip = (int) (at - start);
            final int bytes = (int) Math.min(end - at, MemoryRegion.MAX_BYTES - skip);
            final long mapped = Math.min(MemoryRegion.MAX_BYTES, skip + (long) bytes + pageBytes - 1 & -pageBytes);
            final NativeMemory mapping = NativeMemory.mapShared(file, start, (int) mapped);
            mappings.add(mapping);
            pieces.add(mapping.piece(skip, bytes));
            at += bytes;
        }
        return pieces;
    }

    /** The range's parts, in order and without gaps. */
    public List<MemoryRegion> pieces() {
        return pieces;
    }

    /** True when the file can never become shorter, so that no access faults. */
    public boolean sealed() {
        return sealed;
    }

    /** True while the file reaches as far as what is mapped of it. */
    public boolean whole() throws PosixException {
        return sealed || file.status().sizeBytes() >= endBytes;
    }

    /** Unmaps at once: nobody may use the pieces any more. */
    @Override
    public void close() {
        mappings.forEach(NativeMemory::close);
        file.close();
    }
}
