package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.util.Set;

/** Makes a ring: asks the kernel for the best mode it has, checks what else is needed, and maps the ring's memory. */
final class UringMappings implements AutoCloseable {
    private static final long OFFSET_RINGS = 0;
    private static final long OFFSET_SQES = 0x10000000L;

    private static final int FEATURE_SINGLE_MMAP = 1;
    private static final int FEATURE_NODROP = 1 << 1;
    private static final int FEATURE_SUBMIT_STABLE = 1 << 2;
    private static final int FEATURE_EXT_ARG = 1 << 8;
    private static final int NEEDED = FEATURE_SINGLE_MMAP | FEATURE_NODROP | FEATURE_SUBMIT_STABLE | FEATURE_EXT_ARG;

    private final PosixFile file;
    private final UringMode mode;
    private final MemoryRegion params;
    private final NativeMemory rings;
    private final NativeMemory sqes;

    private UringMappings(final PosixFile file, final UringMode mode, final MemoryRegion params) throws PosixException {
        this.file = file;
        this.mode = mode;
        this.params = params;
        final int sqEntries = params.getInt(RingParamsDescriptor.SQ_ENTRIES);
        this.rings = NativeMemory.mapPopulated(file.fd(), OFFSET_RINGS, ringBytes(params), "io_uring");
        this.sqes = mapSqes(file, rings, sqEntries * SqeDescriptor.BYTES);
    }

    private static NativeMemory mapSqes(final PosixFile file, final NativeMemory rings, final int lengthBytes)
            throws PosixException {
        try {
            return NativeMemory.mapPopulated(file.fd(), OFFSET_SQES, lengthBytes, "io_uring");
        } catch (final PosixException e) {
            rings.close();
            throw e;
        }
    }

    /** Both rings lie in one mapping, which reaches to the end of the later array. */
    private static int ringBytes(final MemoryRegion params) {
        final int sqEnd = params.getInt(RingParamsDescriptor.SQ_ARRAY)
                + params.getInt(RingParamsDescriptor.SQ_ENTRIES) * Integer.BYTES;
        final int cqEnd = params.getInt(RingParamsDescriptor.CQ_CQES)
                + params.getInt(RingParamsDescriptor.CQ_ENTRIES) * CqeDescriptor.BYTES;
        return Math.max(sqEnd, cqEnd);
    }

    /** Tries the modes in their order; the kernel answers EINVAL to flags that it does not know. */
    static UringMappings create(final int sqEntries, final int cqEntries, final Set<UringMode> allowed)
            throws PosixException {
        int errno = Errno.EINVAL.number();
        for (final UringMode mode : UringMode.values()) {
            if (!allowed.contains(mode)) {
                continue;
            }
            final MemoryRegion params = MemoryRegion.allocate(RingParamsDescriptor.BYTES);
            params.putInt(RingParamsDescriptor.FLAGS, mode.flags());
            params.putInt(RingParamsDescriptor.CQ_ENTRIES, cqEntries);
            final int fd =
                    (int) LibC.syscall(Abi.SYS_IO_URING_SETUP, sqEntries, NativeMemory.addressOf(params), 0, 0, 0, 0);
            if (fd >= 0) {
                return map(PosixFile.adopt(fd, "io_uring"), mode, params);
            }
            errno = LibC.errno();
            if (!Errno.EINVAL.is(errno)) {
                break;
            }
        }
        throw IoUringUnavailableException.because(errno);
    }

    private static UringMappings map(final PosixFile file, final UringMode mode, final MemoryRegion params)
            throws PosixException {
        try {
            final int missing = NEEDED & ~params.getInt(RingParamsDescriptor.FEATURES);
            if (missing != 0) {
                final String hint = "The kernel's io_uring is too old (lacks features 0x" + Integer.toHexString(missing)
                        + "); Linux 5.11 or newer is needed";
                throw new IoUringUnavailableException(Errno.EOPNOTSUPP.number(), hint);
            }
            return new UringMappings(file, mode, params);
        } catch (final PosixException e) {
            file.close();
            throw e;
        }
    }

    PosixFile file() {
        return file;
    }

    UringMode mode() {
        return mode;
    }

    MemoryRegion params() {
        return params;
    }

    MemoryRegion rings() {
        return rings.region();
    }

    MemoryRegion sqes() {
        return sqes.region();
    }

    /** The descriptor first: the kernel must not complete into memory that is gone. */
    @Override
    public void close() {
        file.close();
        sqes.close();
        rings.close();
    }
}
