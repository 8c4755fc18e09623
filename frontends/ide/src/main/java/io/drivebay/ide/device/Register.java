package io.drivebay.ide.device;

/**
 * The registers of an ATA device by name. The two decoders turn where an access went, and in which mode, into a name, so
 * that no handler ever looks at an offset or at the HOB bit.
 */
public enum Register {
    /** Command block 0: a word of the data phase. */
    DATA,
    /** Command block 1, read. */
    ERROR,
    /** Command block 1, written. */
    FEATURES,
    SECTOR_COUNT,
    LBA_LOW,
    LBA_MID,
    LBA_HIGH,
    /** Command block 6: device select, LBA mode, the top of a short address. */
    DEVICE,
    /** Command block 7, read; takes the interrupt back. */
    STATUS,
    /** Command block 7, written. */
    COMMAND,
    /** Control block, read; changes nothing. */
    ALTERNATE_STATUS,
    /** Control block, written. */
    DEVICE_CONTROL,
    /** What FEATURES held before its last write; read while HOB is set, as the others below. */
    FEATURES_PREVIOUS,
    SECTOR_COUNT_PREVIOUS,
    LBA_LOW_PREVIOUS,
    LBA_MID_PREVIOUS,
    LBA_HIGH_PREVIOUS;

    private static final Register[] READ = {DATA, ERROR, SECTOR_COUNT, LBA_LOW, LBA_MID, LBA_HIGH, DEVICE, STATUS};
    private static final Register[] READ_HOB = {
        DATA,
        FEATURES_PREVIOUS,
        SECTOR_COUNT_PREVIOUS,
        LBA_LOW_PREVIOUS,
        LBA_MID_PREVIOUS,
        LBA_HIGH_PREVIOUS,
        DEVICE,
        STATUS
    };
    private static final Register[] WRITE = {DATA, FEATURES, SECTOR_COUNT, LBA_LOW, LBA_MID, LBA_HIGH, DEVICE, COMMAND};

    /** The register that a read of the command block reaches; only the offset's low three bits count. */
    public static Register forRead(final int offset, final boolean hob) {
        return (hob ? READ_HOB : READ)[offset & 7];
    }

    /** The register that a write to the command block reaches. */
    public static Register forWrite(final int offset) {
        return WRITE[offset & 7];
    }
}
