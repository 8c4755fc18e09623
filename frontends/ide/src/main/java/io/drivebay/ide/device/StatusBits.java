package io.drivebay.ide.device;

/** Bits of the status register. */
public final class StatusBits {
    /** The command ended with an error; the error register says which. A packet device: CHECK CONDITION. */
    public static final int ERR = 0x01;
    /** The device waits for the host to move data. */
    public static final int DRQ = 0x08;
    /** Seek complete. */
    public static final int DSC = 0x10;
    /** Device fault. */
    public static final int DF = 0x20;
    /** Ready for commands. */
    public static final int DRDY = 0x40;
    /** At work; no other bit means anything. */
    public static final int BSY = 0x80;

    /** Idle after success. */
    public static final int IDLE = DRDY | DSC;

    private StatusBits() {}
}
