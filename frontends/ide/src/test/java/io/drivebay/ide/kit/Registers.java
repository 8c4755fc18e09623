package io.drivebay.ide.kit;

/** The register map and the bits as the ATA standard numbers them, written down a second time on purpose. */
public final class Registers {
    public static final int DATA = 0;
    public static final int ERROR = 1;
    public static final int FEATURES = 1;
    public static final int COUNT = 2;
    public static final int LOW = 3;
    public static final int MID = 4;
    public static final int HIGH = 5;
    public static final int DEVICE = 6;
    public static final int STATUS = 7;
    public static final int COMMAND = 7;

    public static final int READY = 0x50;
    public static final int DATA_REQUEST = 0x58;
    public static final int BUSY = 0x80;
    public static final int FAILED = 0x41;

    public static final int LBA = 0x40;

    private Registers() {}
}
