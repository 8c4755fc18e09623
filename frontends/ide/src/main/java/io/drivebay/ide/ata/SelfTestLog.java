package io.drivebay.ide.ata;

import io.drivebay.backend.memory.MemoryRegion;

/** The last self-tests: log page 06 for SMART READ LOG, page 07 for READ LOG EXT. */
final class SelfTestLog {
    static final int PASSED = 0;
    static final int ABORTED = 1;
    static final int INTERRUPTED = 2;
    static final int READ_FAILED = 7;

    private static final int ENTRIES = 21;
    private static final int EXTENDED_ENTRIES = 19;
    private static final int ENTRY_BYTES = 24;
    private static final int EXTENDED_ENTRY_BYTES = 26;

    private final int[] routine = new int[ENTRIES];
    private final int[] result = new int[ENTRIES];
    private final int[] hours = new int[ENTRIES];
    private final long[] failingLba = new long[ENTRIES];
    private int total;

    void add(final int subcommand, final int outcome, final int powerOnHours, final long failedAt) {
        final int slot = total % ENTRIES;
        routine[slot] = subcommand;
        result[slot] = outcome;
        hours[slot] = powerOnHours;
        failingLba[slot] = failedAt;
        total++;
    }

    boolean lastFailed() {
        return total > 0 && result[(total - 1) % ENTRIES] == READ_FAILED;
    }

    /** What the last test came to, as SMART READ DATA shows it. */
    int lastStatus() {
        return total == 0 ? 0 : result[(total - 1) % ENTRIES] << 4;
    }

    /** Page 06 (ATA-6 table 47). */
    void writeShort(final MemoryRegion page) {
        page.fill(0, AtaDisk.SECTOR, (byte) 0);
        page.putShort(0, (short) 1);
        for (int i = 0; i < Math.min(total, ENTRIES); i++) {
            final int at = 2 + i * ENTRY_BYTES;
            entry(page, at, i);
            page.putInt(at + 5, (int) failingLba[i]);
        }
        page.putByte(508, (byte) (total == 0 ? 0 : (total - 1) % ENTRIES + 1));
        SmartState.checksum(page, 0);
    }

    /** Page 07, the latest 19 (ATA-6 table 26). */
    void writeExtended(final MemoryRegion page) {
        page.fill(0, AtaDisk.SECTOR, (byte) 0);
        page.putByte(0, (byte) 1);
        final int shown = Math.min(total, EXTENDED_ENTRIES);
        page.putShort(2, (short) shown);
        for (int i = 0; i < shown; i++) {
            final int at = 4 + i * EXTENDED_ENTRY_BYTES;
            final int slot = (total - shown + i) % ENTRIES;
            entry(page, at, slot);
            page.putInt(at + 5, (int) failingLba[slot]);
            page.putShort(at + 9, (short) (failingLba[slot] >> 32));
        }
        SmartState.checksum(page, 0);
    }

    private void entry(final MemoryRegion page, final int at, final int slot) {
        page.putByte(at, (byte) routine[slot]);
        page.putByte(at + 1, (byte) (result[slot] << 4));
        page.putShort(at + 2, (short) hours[slot]);
    }
}
