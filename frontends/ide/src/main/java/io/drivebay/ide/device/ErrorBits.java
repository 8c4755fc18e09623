package io.drivebay.ide.device;

/** Bits of an ATA disk's error register. */
public final class ErrorBits {
    /** No medium. */
    public static final int NM = 0x02;
    /** Command aborted: unknown, not permitted, or with bad parameters. */
    public static final int ABRT = 0x04;
    /** The guest is asked to release the medium. */
    public static final int MCR = 0x08;
    /** The address was not found. */
    public static final int IDNF = 0x10;
    /** The medium has changed. */
    public static final int MC = 0x20;
    /** Data could not be read and not be corrected. */
    public static final int UNC = 0x40;
    /** The medium is write-protected. */
    public static final int WP = 0x40;

    private ErrorBits() {}
}
