package io.drivebay.ide.ata;

/**
 * Cylinders, heads and sectors per track.
 *
 * @param cylinders 1 to 65535
 * @param heads 1 to 16
 * @param sectorsPerTrack 1 to 255
 */
public record Geometry(int cylinders, int heads, int sectorsPerTrack) {
    /** The answer of {@link #toLba} for what is no address. */
    public static final long INVALID = -1;

    private static final int MAX_CYLINDERS = 65535;
    private static final int DEFAULT_CYLINDERS = 16383;
    private static final int MAX_HEADS = 16;
    private static final int DEFAULT_SECTORS = 63;
    private static final int MAX_SECTORS = 255;

    public Geometry {
        if (cylinders < 1
                || cylinders > MAX_CYLINDERS
                || heads < 1
                || heads > MAX_HEADS
                || sectorsPerTrack < 1
                || sectorsPerTrack > MAX_SECTORS) {
            throw new IllegalArgumentException(
                    "geometry " + cylinders + "/" + heads + "/" + sectorsPerTrack + " is beyond 65535/16/255");
        }
    }

    /** The default translation of a capacity: 16 heads, 63 sectors, at most 16383 cylinders. */
    public static Geometry ofCapacity(final long sectors) {
        return translation(sectors, MAX_HEADS, DEFAULT_SECTORS, DEFAULT_CYLINDERS);
    }

    /** A translation with as many cylinders as the capacity fills. */
    public static Geometry translation(final long sectors, final int heads, final int sectorsPerTrack) {
        return translation(sectors, heads, sectorsPerTrack, MAX_CYLINDERS);
    }

    private static Geometry translation(final long sectors, final int heads, final int perTrack, final int limit) {
        final long cylinders = sectors / ((long) heads * perTrack);
        return new Geometry((int) Math.max(1, Math.min(cylinders, limit)), heads, perTrack);
    }

    /** Sectors that the translation reaches. */
    public long sectors() {
        return (long) cylinders * heads * sectorsPerTrack;
    }

    /** The block at an address; {@link #INVALID} for a sector 0, or one or a head that a track does not have. */
    long toLba(final int cylinder, final int head, final int sector) {
        if (sector == 0 || sector > sectorsPerTrack || head >= heads) {
            return INVALID;
        }
        return ((long) cylinder * heads + head) * sectorsPerTrack + sector - 1;
    }

    int cylinderOf(final long lba) {
        return (int) (lba / ((long) heads * sectorsPerTrack));
    }

    int headOf(final long lba) {
        return (int) (lba / sectorsPerTrack % heads);
    }

    int sectorOf(final long lba) {
        return (int) (lba % sectorsPerTrack) + 1;
    }
}
