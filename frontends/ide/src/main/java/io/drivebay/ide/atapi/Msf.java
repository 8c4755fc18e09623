package io.drivebay.ide.atapi;

/** Addresses of a CD in minutes, seconds and frames, 75 to a second; block 0 is at 00:02:00. */
final class Msf {
    private static final int LEAD_IN_FRAMES = 150;
    private static final int FRAMES = 75;
    private static final int SECONDS = 60;

    private Msf() {}

    static int minute(final long lba) {
        return (int) ((lba + LEAD_IN_FRAMES) / FRAMES / SECONDS);
    }

    static int second(final long lba) {
        return (int) ((lba + LEAD_IN_FRAMES) / FRAMES % SECONDS);
    }

    static int frame(final long lba) {
        return (int) ((lba + LEAD_IN_FRAMES) % FRAMES);
    }

    /** The block at an address; negative before block 0. */
    static long lba(final int minute, final int second, final int frame) {
        return ((long) minute * SECONDS + second) * FRAMES + frame - LEAD_IN_FRAMES;
    }

    static int bcd(final int value) {
        return (value / 10 % 10) << 4 | value % 10;
    }
}
