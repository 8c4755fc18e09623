package io.drivebay.ide.atapi;

/** READ TOC/PMA/ATIP: one session, one data track, and the lead-out (MMC 6.26). */
final class TableOfContents {
    private static final int DATA_TRACK = 0x14;
    private static final int LEAD_OUT = 0xaa;
    private static final int ENTRY = 8;
    private static final int RAW_ENTRY = 11;

    private final Reply reply;
    private final boolean msf;
    private final long blocks;

    TableOfContents(final Reply reply, final boolean msf, final long blocks) {
        this.reply = reply;
        this.msf = msf;
        this.blocks = blocks;
    }

    /** Format 0: tracks from a number on; false when there is no such track. */
    boolean tracks(final int first) {
        if (first > 1 && first != LEAD_OUT) {
            return false;
        }
        reply.begin(4).put(2, 1).put(3, 1);
        if (first <= 1) {
            entry(1, 0);
        }
        entry(LEAD_OUT, blocks);
        return finish();
    }

    /** Format 1: the first track of the last session. */
    boolean session() {
        reply.begin(4).put(2, 1).put(3, 1);
        entry(1, 0);
        return finish();
    }

    private void entry(final int track, final long lba) {
        final int at = reply.append(ENTRY);
        reply.put(at + 1, DATA_TRACK).put(at + 2, track);
        if (msf) {
            time(at + 4, lba);
        } else {
            reply.put32(at + 4, (int) lba);
        }
    }

    private void time(final int at, final long lba) {
        reply.put(at + 1, Msf.minute(lba)).put(at + 2, Msf.second(lba)).put(at + 3, Msf.frame(lba));
    }

    /** Format 2: the Q channel of the lead-in. */
    boolean raw() {
        reply.begin(4).put(2, 1).put(3, 1);
        final int first = point(0xa0);
        reply.put(first + 8, 1);
        final int last = point(0xa1);
        reply.put(last + 8, 1);
        time(point(0xa2) + 7, blocks);
        time(point(1) + 7, 0);
        return finish();
    }

    private int point(final int point) {
        final int at = reply.append(RAW_ENTRY);
        reply.put(at, 1).put(at + 1, DATA_TRACK).put(at + 3, point);
        return at;
    }

    /** Format 5: a disc without CD-TEXT has a header and nothing more. */
    boolean text() {
        reply.begin(4);
        return finish();
    }

    private boolean finish() {
        reply.put16(0, reply.length() - 2);
        return true;
    }
}
