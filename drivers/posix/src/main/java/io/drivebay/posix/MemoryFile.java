package io.drivebay.posix;

/** Memory with a descriptor (memfd): it can be mapped several times and passed to another process. */
public final class MemoryFile implements AutoCloseable {
    private static final int MFD_CLOEXEC = 0x1;
    private static final int MFD_ALLOW_SEALING = 0x2;
    private static final int F_SEAL_SEAL = 0x1;
    private static final int F_SEAL_GROW = 0x4;

    private final PosixFile file;
    private final long sizeBytes;

    private MemoryFile(final PosixFile file, final long sizeBytes) {
        this.file = file;
        this.sizeBytes = sizeBytes;
    }

    /** Zeroed memory of a size; the name shows in /proc only. */
    public static MemoryFile create(final String name, final long sizeBytes) throws PosixException {
        return create(name, sizeBytes, MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }

    /** As {@link #create}, for ever without seals: whoever has the descriptor can change the size. */
    public static MemoryFile createUnsealable(final String name, final long sizeBytes) throws PosixException {
        return create(name, sizeBytes, MFD_CLOEXEC);
    }

    private static MemoryFile create(final String name, final long sizeBytes, final int flags) throws PosixException {
        final long nameAddress = Scratch.zeroed().path(name, "memfd_create");
        final long fd = LibC.syscall(Abi.SYS_MEMFD_CREATE, nameAddress, flags, 0, 0, 0, 0);
        Calls.check(fd, "memfd_create", name);
        final PosixFile file = PosixFile.adopt((int) fd, "memfd:" + name);
        try {
            file.truncate(sizeBytes);
        } catch (final PosixException e) {
            file.close();
            throw e;
        }
        return new MemoryFile(file, sizeBytes);
    }

    /** Changes the size, as a hostile owner might; mappings beyond the end fault. */
    public void truncate(final long newSizeBytes) throws PosixException {
        file.truncate(newSizeBytes);
    }

    /** Maps a range, at most 1 GiB; the offset is a multiple of the page size. */
    public NativeMemory map(final long offsetBytes, final int lengthBytes) throws PosixException {
        return NativeMemory.mapShared(file, offsetBytes, lengthBytes);
    }

    /** Promises that the size never changes again, so that a mapping by another process cannot fault. */
    public void sealSize() throws PosixException {
        final int seals = Seals.SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
        Seals.add(file, seals);
    }

    /** The descriptor, to be passed on; stays owned by this object. */
    public int fd() {
        return file.fd();
    }

    /** Size in bytes. */
    public long sizeBytes() {
        return sizeBytes;
    }

    /** Closes the descriptor; mappings stay. */
    @Override
    public void close() {
        file.close();
    }
}
