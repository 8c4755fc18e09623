package io.drivebay.ide.ata;

/**
 * How a PC's firmware addresses a disk by cylinder, head and sector.
 *
 * @param physical the disk's own default translation
 * @param translation what the firmware makes of it for programs
 */
public record BiosGeometry(Geometry physical, Translation translation) {
    /** In the order of the numbers that CMOS has for them. */
    public enum Translation {
        NONE,
        LBA,
        LARGE,
        RECHS
    }

    private static final int SIGNATURE = 510;
    private static final int TABLE = 446;
    private static final int ENTRY = 16;
    private static final int ENTRIES = 4;
    private static final int END_HEAD = 5;
    private static final int END_SECTOR = 6;
    private static final int LENGTH = 12;
    private static final int SECTOR_BITS = 0x3f;
    private static final int MOST_CYLINDERS = 16383;
    private static final int MOST_HEADS = 16;
    private static final int MOST_LARGE = 131072;
    private static final int UNTRANSLATED_CYLINDERS = 1024;
    private static final int UNTRANSLATED_SECTORS = 63;

    /** A geometry that somebody has chosen, with the translation that is usual for it. */
    public static BiosGeometry of(final Geometry chosen) {
        final boolean small = chosen.cylinders() <= UNTRANSLATED_CYLINDERS
                && chosen.heads() <= MOST_HEADS
                && chosen.sectorsPerTrack() <= UNTRANSLATED_SECTORS;
        return new BiosGeometry(chosen, small ? Translation.NONE : Translation.LBA);
    }

    /**
     * What a disk was partitioned with, as far as its boot sector tells: a partition's last head and sector are the
     * track's (QEMU: hd_geometry_guess).
     *
     * @param bootSector 512 bytes
     * @param sectors of the disk
     */
    public static BiosGeometry guess(final byte[] bootSector, final long sectors) {
        final Geometry standard = Geometry.ofCapacity(sectors);
        final boolean partitioned = at(bootSector, SIGNATURE) == 0x55 && at(bootSector, SIGNATURE + 1) == 0xaa;
        for (int i = 0; i < ENTRIES && partitioned; i++) {
            final int entry = TABLE + i * ENTRY;
            final int heads = at(bootSector, entry + END_HEAD) + 1;
            final int perTrack = at(bootSector, entry + END_SECTOR) & SECTOR_BITS;
            final long cylinders = sectors / ((long) heads * Math.max(1, perTrack));
            final boolean usable = used(bootSector, entry) && heads > 1 && perTrack > 0;
            if (usable && cylinders >= 1 && cylinders <= MOST_CYLINDERS) {
                return heads <= MOST_HEADS
                        ? new BiosGeometry(new Geometry((int) cylinders, heads, perTrack), Translation.NONE)
                        : new BiosGeometry(standard, translated(standard));
            }
        }
        return of(standard);
    }

    private static Translation translated(final Geometry standard) {
        return standard.cylinders() * standard.heads() <= MOST_LARGE ? Translation.LARGE : Translation.LBA;
    }

    private static boolean used(final byte[] sector, final int entry) {
        int bits = 0;
        for (int i = 0; i < Integer.BYTES; i++) {
            bits |= at(sector, entry + LENGTH + i);
        }
        return bits != 0;
    }

    private static int at(final byte[] sector, final int index) {
        return sector[index] & 0xff;
    }
}
