package io.drivebay.posix;

/** The control operations of a block device. They may take long: never on an I/O context's thread. */
public final class BlockDeviceControl {
    // spotless:off
    private static final long BLKROGET     = 0x125e;
    private static final long BLKSSZGET    = 0x1268;
    private static final long BLKDISCARD   = 0x1277;
    private static final long BLKZEROOUT   = 0x127f;
    private static final long BLKGETSIZE64 = 0x80081272L;
    // spotless:on

    private final PosixFile file;

    /** Controls a device through an open file. Does not own it. */
    public BlockDeviceControl(final PosixFile file) {
        this.file = file;
    }

    /** Size of the device in bytes. */
    public long sizeBytes() throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        control(BLKGETSIZE64, scratch.address(), "BLKGETSIZE64");
        return scratch.structure().getLong(0);
    }

    /** The smallest unit the device addresses. */
    public int logicalBlockBytes() throws PosixException {
        return intOf(BLKSSZGET, "BLKSSZGET");
    }

    /** True when the device refuses writes. */
    public boolean readOnly() throws PosixException {
        return intOf(BLKROGET, "BLKROGET") != 0;
    }

    /** Tells the device that a range is not needed any more. */
    public void discard(final long offsetBytes, final long lengthBytes) throws PosixException {
        range(BLKDISCARD, offsetBytes, lengthBytes, "BLKDISCARD");
    }

    /** Makes a range read as zeroes. */
    public void zeroOut(final long offsetBytes, final long lengthBytes) throws PosixException {
        range(BLKZEROOUT, offsetBytes, lengthBytes, "BLKZEROOUT");
    }

    private int intOf(final long request, final String name) throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        control(request, scratch.address(), name);
        return scratch.structure().getInt(0);
    }

    private void range(final long request, final long offsetBytes, final long lengthBytes, final String name)
            throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        scratch.structure().putLong(0, offsetBytes);
        scratch.structure().putLong(Long.BYTES, lengthBytes);
        control(request, scratch.address(), name);
    }

    private void control(final long request, final long argument, final String name) throws PosixException {
        int result;
        do {
            result = LibC.ioctl(file.fd(), request, argument);
        } while (Calls.interrupted(result));
        Calls.check(result, name, file.path());
    }
}
