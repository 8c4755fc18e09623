package io.drivebay.ide.atapi;

/** What kind of disc a medium is, by its size. */
enum Profile {
    NONE(0x0000),
    CD_ROM(0x0008),
    DVD_ROM(0x0010);

    /** Blocks of 80 minutes. */
    private static final long CD_BLOCKS = 80L * 60 * 75;

    private final int code;

    Profile(final int code) {
        this.code = code;
    }

    int code() {
        return code;
    }

    static Profile of(final long blocks, final boolean ready) {
        if (!ready || blocks == 0) {
            return NONE;
        }
        return blocks > CD_BLOCKS ? DVD_ROM : CD_ROM;
    }
}
