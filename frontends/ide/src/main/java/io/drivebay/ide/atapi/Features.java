package io.drivebay.ide.atapi;

/** GET CONFIGURATION's features: what the drive has, and what of it is current with this medium (MMC 5). */
final class Features {
    private static final int HEADER = 8;
    private static final int CURRENT = 1;
    private static final int PERSISTENT = 2;
    private static final int ATAPI = 2;
    private static final int TRAY = 1 << 5;
    private static final int EJECT = 1 << 3;
    private static final int LOCK = 1;
    private static final int REQUEST_CURRENT = 1;
    private static final int REQUEST_ONE = 2;

    private final Reply reply;
    private final Profile profile;
    private final int request;
    private final int start;

    private Features(final Reply reply, final Profile profile, final int request, final int start) {
        this.reply = reply;
        this.profile = profile;
        this.request = request;
        this.start = start;
    }

    /**
     * Writes the answer.
     *
     * @param request 0 all, 1 the current ones, 2 one only
     * @param start the first feature, or the one
     */
    static void write(final Reply reply, final Profile profile, final int request, final int start) {
        reply.begin(HEADER);
        reply.put16(6, profile.code());
        new Features(reply, profile, request, start).all();
        reply.put32(0, reply.length() - 4);
    }

    /** QEMU's: the list of profiles, whatever is asked for. */
    static void writeShort(final Reply reply, final Profile profile) {
        reply.begin(HEADER);
        reply.put16(6, profile.code());
        new Features(reply, profile, REQUEST_ONE, 0).profiles();
        reply.put32(0, reply.length() - 4);
    }

    private void all() {
        final boolean medium = profile != Profile.NONE;
        final boolean cd = profile == Profile.CD_ROM;
        final boolean dvd = profile == Profile.DVD_ROM;
        profiles();
        core();
        putByte(0x0002, 1, PERSISTENT | CURRENT, 0x02);
        putByte(0x0003, 1, PERSISTENT | CURRENT, TRAY | EJECT | LOCK);
        randomRead(medium);
        put(0x001d, 0, cd ? CURRENT : 0, 0);
        put(0x001e, 2, cd ? CURRENT : 0, 4);
        put(0x001f, 0, dvd ? CURRENT : 0, 0);
        put(0x0100, 0, PERSISTENT | CURRENT, 0);
        put(0x0105, 0, PERSISTENT | CURRENT, 4);
        put(0x0107, 4, medium ? CURRENT : 0, 4);
    }

    private void profiles() {
        final int at = put(0x0000, 0, PERSISTENT | CURRENT, 8);
        if (at >= 0) {
            reply.put16(at, Profile.DVD_ROM.code()).put(at + 2, profile == Profile.DVD_ROM ? CURRENT : 0);
            reply.put16(at + 4, Profile.CD_ROM.code()).put(at + 6, profile == Profile.CD_ROM ? CURRENT : 0);
        }
    }

    private void core() {
        final int at = put(0x0001, 2, PERSISTENT | CURRENT, 8);
        if (at >= 0) {
            reply.put32(at, ATAPI).put(at + 4, 1);
        }
    }

    private void randomRead(final boolean medium) {
        final int at = put(0x0010, 0, medium ? CURRENT : 0, 8);
        if (at >= 0) {
            reply.put32(at, RawSector.USER).put16(at + 4, 1);
        }
    }

    private void putByte(final int code, final int version, final int flags, final int value) {
        final int at = put(code, version, flags, 4);
        if (at >= 0) {
            reply.put(at, value);
        }
    }

    /** Appends a feature if it was asked for; returns where its data begin, or -1. */
    private int put(final int code, final int version, final int flags, final int dataBytes) {
        final boolean wanted = request == REQUEST_ONE ? code == start : code >= start;
        if (!wanted || (request == REQUEST_CURRENT && (flags & CURRENT) == 0)) {
            return -1;
        }
        final int at = reply.append(4 + dataBytes);
        reply.put16(at, code).put(at + 2, version << 2 | flags).put(at + 3, dataBytes);
        return at + 4;
    }
}
