package io.drivebay.posix;

/** What a user of an image may do with it, with the bit that QEMU's tools lock for it. */
public enum ImagePermission {
    /** Reads whose content nobody else changes. */
    CONSISTENT_READ(0, "consistent read"),
    /** Writes. */
    WRITE(1, "write"),
    /** Writes of what is there already. */
    WRITE_UNCHANGED(2, "write unchanged"),
    /** Changes of the size. */
    RESIZE(3, "resize");

    /** All permissions as a mask. */
    public static final int ALL = 0xf;

    private final int bit;
    private final String words;

    ImagePermission(final int bit, final String words) {
        this.bit = bit;
        this.words = words;
    }

    /** Its mask: one bit. */
    public int mask() {
        return 1 << bit;
    }

    /** Its name in messages. */
    public String words() {
        return words;
    }

    int bit() {
        return bit;
    }

    boolean in(final int permissions) {
        return (permissions & mask()) != 0;
    }

    /** The mask of several permissions. */
    public static int maskOf(final ImagePermission... permissions) {
        int mask = 0;
        for (final ImagePermission permission : permissions) {
            mask |= permission.mask();
        }
        return mask;
    }
}
