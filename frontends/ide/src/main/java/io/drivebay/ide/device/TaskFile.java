package io.drivebay.ide.device;

import java.util.Arrays;

/**
 * The registers of one device, each parameter two deep for 48-bit commands.
 *
 * <p>Pure storage: what a write means is for the device. Addresses are in logical blocks.
 */
public final class TaskFile {
    /** DEVICE: the address is a block number, not cylinder, head and sector. */
    public static final int LBA_MODE = 0x40;
    /** DEVICE: selects device 1. */
    public static final int DEVICE_1 = 0x10;
    /** DEVICE: bits that read as one on old devices. */
    public static final int OBSOLETE = 0xa0;

    private static final int FIRST = Register.SECTOR_COUNT.ordinal() - 1;
    private static final int PARAMETERS = 5;
    private static final int MAX_SHORT_COUNT = 256;
    private static final int MAX_LONG_COUNT = 65536;

    private final int[] current = new int[PARAMETERS];
    private final int[] previous = new int[PARAMETERS];
    private int device = OBSOLETE;
    private int status;
    private int error;

    /** Value of a register, 0 to 255. Registers that are no storage read as 0. */
    public int get(final Register register) {
        return switch (register) {
            case ERROR -> error;
            case DEVICE -> device;
            case STATUS, ALTERNATE_STATUS -> status;
            case FEATURES, SECTOR_COUNT, LBA_LOW, LBA_MID, LBA_HIGH -> current[register.ordinal() - FIRST];
            case FEATURES_PREVIOUS -> previous[0];
            case SECTOR_COUNT_PREVIOUS -> previous[1];
            case LBA_LOW_PREVIOUS -> previous[2];
            case LBA_MID_PREVIOUS -> previous[3];
            case LBA_HIGH_PREVIOUS -> previous[4];
            default -> 0;
        };
    }

    /** A write by the host: a parameter's old value moves to its previous register. */
    public void write(final Register register, final int value) {
        switch (register) {
            case FEATURES, SECTOR_COUNT, LBA_LOW, LBA_MID, LBA_HIGH -> {
                final int at = register.ordinal() - FIRST;
                previous[at] = current[at];
                current[at] = value & 0xff;
            }
            case DEVICE -> device = (value & 0xff) | OBSOLETE;
            default -> {}
        }
    }

    public int status() {
        return status;
    }

    public void status(final int bits) {
        status = bits;
    }

    /** True while the device waits for data or is at work, and takes no parameters. */
    public boolean engaged() {
        return (status & (StatusBits.BSY | StatusBits.DRQ)) != 0;
    }

    public int error() {
        return error;
    }

    public void error(final int bits) {
        error = bits;
    }

    public int features() {
        return current[0];
    }

    /** The sector count register as it stands: 0 to 255. */
    public int count() {
        return current[1];
    }

    /** Sectors that a command asks for: 0 stands for 256, or for 65536 with 48 bits. */
    public int sectors(final boolean extended) {
        if (extended) {
            final int count = previous[1] << 8 | current[1];
            return count == 0 ? MAX_LONG_COUNT : count;
        }
        return current[1] == 0 ? MAX_SHORT_COUNT : current[1];
    }

    /** The sector count register and its previous one: 16 bits. */
    public int longCount() {
        return previous[1] << 8 | current[1];
    }

    public int lbaLow() {
        return current[2];
    }

    public int lbaMid() {
        return current[3];
    }

    public int lbaHigh() {
        return current[4];
    }

    /** The features register and its previous one: 16 bits. */
    public int longFeatures() {
        return previous[0] << 8 | current[0];
    }

    public int device() {
        return device;
    }

    /** Head or top address bits: the device register's low four bits. */
    public int head() {
        return device & 0x0f;
    }

    public boolean lbaMode() {
        return (device & LBA_MODE) != 0;
    }

    /** The 28-bit address. */
    public long shortLba() {
        return (long) head() << 24 | (long) current[4] << 16 | current[3] << 8 | current[2];
    }

    /** The 48-bit address. */
    public long longLba() {
        return (long) previous[4] << 40
                | (long) previous[3] << 32
                | (long) previous[2] << 24
                | (long) current[4] << 16
                | current[3] << 8
                | current[2];
    }

    public void shortLba(final long lba) {
        current[2] = (int) lba & 0xff;
        current[3] = (int) (lba >> 8) & 0xff;
        current[4] = (int) (lba >> 16) & 0xff;
        device = (device & 0xf0) | ((int) (lba >> 24) & 0x0f);
    }

    public void longLba(final long lba) {
        current[2] = (int) lba & 0xff;
        current[3] = (int) (lba >> 8) & 0xff;
        current[4] = (int) (lba >> 16) & 0xff;
        previous[2] = (int) (lba >> 24) & 0xff;
        previous[3] = (int) (lba >> 32) & 0xff;
        previous[4] = (int) (lba >> 40) & 0xff;
    }

    /** Cylinder, head and sector, where the device register is not in LBA mode. */
    public void chs(final int cylinder, final int head, final int sector) {
        current[2] = sector & 0xff;
        current[3] = cylinder & 0xff;
        current[4] = cylinder >> 8 & 0xff;
        device = (device & 0xf0) | (head & 0x0f);
    }

    /** Sets the count as a command leaves it; with 48 bits both registers. */
    public void count(final int sectors, final boolean extended) {
        current[1] = sectors & 0xff;
        if (extended) {
            previous[1] = sectors >> 8 & 0xff;
        }
    }

    /** Sets the middle and high address registers: a byte count, or a signature. */
    public void lbaMidHigh(final int value) {
        current[3] = value & 0xff;
        current[4] = value >> 8 & 0xff;
    }

    public void lbaLow(final int value) {
        current[2] = value & 0xff;
    }

    /** What a device shows of itself after a reset; the signature tells a packet device from a disk. */
    public void signature(final int midHigh) {
        Arrays.fill(previous, 0);
        current[0] = 0;
        current[1] = 1;
        current[2] = 1;
        lbaMidHigh(midHigh);
        device = OBSOLETE;
    }
}
