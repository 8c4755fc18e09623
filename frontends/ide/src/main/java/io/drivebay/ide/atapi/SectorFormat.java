package io.drivebay.ide.atapi;

import io.drivebay.backend.memory.MemoryRegion;

/** Which parts of each sector a READ CD returns (MMC 6.19), and how to make them from user data. */
final class SectorFormat {
    /** Error flags: one bit for each byte of a sector; with a summary, two bytes more. */
    private static final int C2_BYTES = 294;

    private static final int C2_SUMMARY_BYTES = 296;
    private static final int Q_BYTES = 16;
    private static final int Q_SUBCHANNEL = 2;
    /** Control: data track; mode 1 in the low nibble. */
    private static final int DATA_CONTROL = 0x41;

    private final RawSector raw = new RawSector();
    private final boolean correction;
    private int from;
    private int length;
    private int c2Bytes;
    private boolean subchannelQ;

    SectorFormat(final boolean correction) {
        this.correction = correction;
    }

    /** User data only. */
    void user() {
        from = RawSector.USER_AT;
        length = RawSector.USER;
        c2Bytes = 0;
        subchannelQ = false;
    }

    boolean isUser() {
        return from == RawSector.USER_AT && length == RawSector.USER && c2Bytes == 0 && !subchannelQ;
    }

    /**
     * Takes the selection bytes of a READ CD.
     *
     * @return false when the parts selected do not adjoin, or are none that there are
     */
    boolean select(final int main, final int sub) {
        final boolean sync = (main & 0x80) != 0;
        final boolean header = (main & 0x20) != 0;
        final boolean user = (main & 0x10) != 0;
        final boolean check = (main & 0x08) != 0;
        final int flags = main >> 1 & 3;
        if (flags == 3 || (sub != 0 && sub != Q_SUBCHANNEL)) {
            return false;
        }
        if ((sync && !header && (user || check)) || (header && !user && check)) {
            return false;
        }
        from = sync ? 0 : header ? RawSector.SYNC : user ? RawSector.USER_AT : RawSector.USER_AT + RawSector.USER;
        length = (sync ? RawSector.SYNC : 0)
                + (header ? RawSector.HEADER : 0)
                + (user ? RawSector.USER : 0)
                + (check ? RawSector.CORRECTION : 0);
        c2Bytes = flags == 0 ? 0 : flags == 1 ? C2_BYTES : C2_SUMMARY_BYTES;
        subchannelQ = sub == Q_SUBCHANNEL;
        return true;
    }

    /** Bytes that each sector becomes. */
    int bytes() {
        return length + c2Bytes + (subchannelQ ? Q_BYTES : 0);
    }

    /** Makes one sector's bytes from its user data. */
    void write(final MemoryRegion source, final int at, final long lba, final MemoryRegion target, final int to) {
        raw.build(source, at, lba, correction);
        raw.copyTo(target, to, from, length);
        target.fill(to + length, bytes() - length, (byte) 0);
        if (subchannelQ) {
            writeQ(lba, target, to + length + c2Bytes);
        }
    }

    /** Control and mode, track, index, time within the track, zero, time on the disc. */
    private static void writeQ(final long lba, final MemoryRegion target, final int to) {
        target.putByte(to, (byte) DATA_CONTROL);
        target.putByte(to + 1, (byte) 1);
        target.putByte(to + 2, (byte) 1);
        final long relative = lba - 150;
        target.putByte(to + 3, (byte) Msf.bcd(Msf.minute(relative)));
        target.putByte(to + 4, (byte) Msf.bcd(Msf.second(relative)));
        target.putByte(to + 5, (byte) Msf.bcd(Msf.frame(relative)));
        target.putByte(to + 7, (byte) Msf.bcd(Msf.minute(lba)));
        target.putByte(to + 8, (byte) Msf.bcd(Msf.second(lba)));
        target.putByte(to + 9, (byte) Msf.bcd(Msf.frame(lba)));
    }
}
