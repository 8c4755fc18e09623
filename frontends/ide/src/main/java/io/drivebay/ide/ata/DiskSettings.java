package io.drivebay.ide.ata;

/** What a guest can set in a disk and a reset may take back. Plain storage. */
final class DiskSettings {
    static final int MAX_MULTIPLE = 16;
    static final int NO_LEVEL = 0;

    final TransferMode transferMode = new TransferMode();
    Geometry translation;
    int multiple = MAX_MULTIPLE;
    boolean readLookAhead = true;
    int apmLevel = NO_LEVEL;
    int acousticLevel = NO_LEVEL;
    boolean revertOnSoftReset;

    /** Size of the disk as a host may not go beyond, in sectors. */
    long nativeSectors;

    /** Size of the disk as it shows itself. */
    long shownSectors;

    /** What a power cycle makes of {@link #shownSectors}. */
    long shownAfterPowerOn;

    /** SET MAX ADDRESS EXT works once between power cycles. */
    boolean maxWasSet;

    DiskSettings(final Geometry translation, final long sectors) {
        this.translation = translation;
        capacity(sectors);
    }

    /** The disk has another size. */
    void capacity(final long sectors) {
        nativeSectors = sectors;
        shownSectors = sectors;
        shownAfterPowerOn = sectors;
    }

    /** What SET FEATURES and its like have set goes back to its defaults. */
    void revert(final Geometry defaultTranslation) {
        translation = defaultTranslation;
        transferMode.reset();
        multiple = MAX_MULTIPLE;
        readLookAhead = true;
        apmLevel = NO_LEVEL;
        acousticLevel = NO_LEVEL;
        revertOnSoftReset = false;
    }
}
