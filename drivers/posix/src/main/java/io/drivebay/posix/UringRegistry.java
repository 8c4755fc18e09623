package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import java.lang.ref.Reference;
import java.util.Arrays;

/** What a ring is told besides I/O (io_uring_register): which operations it has, its files, buffers and enabling. */
final class UringRegistry {
    private static final int REGISTER_BUFFERS = 0;
    private static final int UNREGISTER_BUFFERS = 1;
    private static final int REGISTER_FILES = 2;
    private static final int UNREGISTER_FILES = 3;
    private static final int REGISTER_FILES_UPDATE = 6;
    private static final int REGISTER_PROBE = 8;
    private static final int REGISTER_ENABLE_RINGS = 12;

    /** {@code struct io_uring_probe}: last_op(8) ops_len(8) resv, 16 bytes; then op(8) resv(8) flags(16) resv(32) each. */
    private static final int PROBE_HEADER_BYTES = 16;

    private static final int PROBE_OPERATION_BYTES = 8;
    private static final int PROBE_OPERATION_FLAGS = 2;
    private static final int PROBE_OPERATIONS = 256;
    private static final int PROBE_SUPPORTED = 1;

    /** {@code struct io_uring_rsrc_update}: offset(32) resv(32) data(64). */
    private static final int UPDATE_OFFSET = 0;

    private static final int UPDATE_DATA = 8;
    private static final int NO_FILE = -1;

    private final PosixFile ring;

    UringRegistry(final PosixFile ring) {
        this.ring = ring;
    }

    /** Lets a ring that was set up disabled work, for this thread. */
    void enable() throws PosixException {
        Calls.check(call(REGISTER_ENABLE_RINGS, 0, 0), "enabling", "an io_uring");
    }

    /** Throws when an operation is missing that this module uses. */
    void requireOperations() throws PosixException {
        final MemoryRegion probe = MemoryRegion.allocate(PROBE_HEADER_BYTES + PROBE_OPERATIONS * PROBE_OPERATION_BYTES);
        Calls.check(call(REGISTER_PROBE, NativeMemory.addressOf(probe), PROBE_OPERATIONS), "probing", "an io_uring");
        for (final UringOpcode opcode : UringOpcode.values()) {
            final int flagsAt = PROBE_HEADER_BYTES + opcode.number() * PROBE_OPERATION_BYTES + PROBE_OPERATION_FLAGS;
            if ((probe.getShort(flagsAt) & PROBE_SUPPORTED) == 0) {
                throw new IoUringUnavailableException(
                        Errno.EOPNOTSUPP.number(), "The kernel's io_uring lacks the operation " + opcode);
            }
        }
    }

    /** Makes an empty table of registered files. */
    void createFileTable(final int entries) throws PosixException {
        final MemoryRegion table = MemoryRegion.allocate(entries * Integer.BYTES);
        for (int i = 0; i < entries; i++) {
            table.putInt(i * Integer.BYTES, NO_FILE);
        }
        try {
            final long done = call(REGISTER_FILES, NativeMemory.addressOf(table), entries);
            Calls.check(done, "registering files", "an io_uring");
        } finally {
            Reference.reachabilityFence(table);
        }
    }

    /** Puts a descriptor into the table of registered files. */
    void setFile(final int index, final int fileFd) throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        final int descriptorAt = 16;
        scratch.structure().putInt(UPDATE_OFFSET, index);
        scratch.structure().putLong(UPDATE_DATA, scratch.address() + descriptorAt);
        scratch.structure().putInt(descriptorAt, fileFd);
        Calls.check(call(REGISTER_FILES_UPDATE, scratch.address(), 1), "registering", "fd " + fileFd);
    }

    /** Empties a place of the table of registered files. */
    void clearFile(final int index) throws PosixException {
        setFile(index, NO_FILE);
    }

    /** Pins memory, so that direct I/O need not look its pages up each time. */
    void registerBuffers(final MemoryRegion... regions) throws PosixException {
        final MemoryRegion iovecs = MemoryRegion.allocate(regions.length * IovecDescriptor.BYTES);
        for (int i = 0; i < regions.length; i++) {
            IovecDescriptor.put(iovecs, i, NativeMemory.addressOf(regions[i]), regions[i].size());
        }
        try {
            if (call(REGISTER_BUFFERS, NativeMemory.addressOf(iovecs), regions.length) < 0) {
                final int errno = LibC.errno();
                final String hint = Errno.ENOMEM.is(errno) ? "Raise the limit on locked memory (ulimit -l)" : "";
                throw new PosixException(errno, "registering buffers", Arrays.toString(regions), hint);
            }
        } finally {
            Reference.reachabilityFence(iovecs);
        }
    }

    /** Lets registered memory go. */
    void unregisterBuffers() throws PosixException {
        Calls.check(call(UNREGISTER_BUFFERS, 0, 0), "unregistering buffers", "an io_uring");
    }

    /** Lets all registered files go at once; without it a closed ring does so some time later. */
    void dropFileTable() {
        call(UNREGISTER_FILES, 0, 0);
    }

    private long call(final int operation, final long argument, final int count) {
        long result;
        do {
            result = LibC.syscall(Abi.SYS_IO_URING_REGISTER, ring.fd(), operation, argument, count, 0, 0);
        } while (Calls.interrupted(result));
        return result;
    }
}
