package io.drivebay.posix;

/** How a file is opened. Read-only unless said otherwise; every file is closed on exec. */
public enum OpenFlag {
    /** For reading and writing. */
    READ_WRITE(0x2),
    /** Past the page cache: addresses, lengths and offsets must be aligned. */
    DIRECT(Abi.O_DIRECT),
    /** Creates the file when it is missing. */
    CREATE(0x40),
    /** With {@link #CREATE}: fails when the file exists. */
    EXCLUSIVE(0x80),
    /** Cuts an existing file to no bytes. */
    TRUNCATE(0x200),
    /** Does not wait: a floppy or CD drive without a medium opens, a FIFO does not block. */
    NON_BLOCKING(0x800),
    /** Fails when the last part of the path is a symbolic link. */
    NO_FOLLOW(Abi.O_NOFOLLOW);

    private static final int O_CLOEXEC = 0x80000;

    private final int bits;

    OpenFlag(final int bits) {
        this.bits = bits;
    }

    static int bitsOf(final OpenFlag... flags) {
        int bits = O_CLOEXEC;
        for (final OpenFlag flag : flags) {
            bits |= flag.bits;
        }
        return bits;
    }
}
