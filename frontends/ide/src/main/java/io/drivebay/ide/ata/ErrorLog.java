package io.drivebay.ide.ata;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.ide.device.TaskFile;

/** The last errors: log page 01 for SMART READ LOG, page 03 for READ LOG EXT. Each entry holds the command that failed. */
final class ErrorLog {
    private static final int SUMMARY_ENTRIES = 5;
    private static final int EXTENDED_ENTRIES = 4;
    private static final int SUMMARY_ENTRY_BYTES = 90;
    private static final int EXTENDED_ENTRY_BYTES = 124;
    private static final int ACTIVE = 1;

    private final int[] command = new int[SUMMARY_ENTRIES];
    private final int[] features = new int[SUMMARY_ENTRIES];
    private final int[] count = new int[SUMMARY_ENTRIES];
    private final int[] device = new int[SUMMARY_ENTRIES];
    private final int[] status = new int[SUMMARY_ENTRIES];
    private final int[] error = new int[SUMMARY_ENTRIES];
    private final int[] hours = new int[SUMMARY_ENTRIES];
    private final long[] lba = new long[SUMMARY_ENTRIES];
    private int total;

    int total() {
        return total;
    }

    void add(final int opcode, final TaskFile registers, final long failingLba, final int powerOnHours) {
        final int slot = total % SUMMARY_ENTRIES;
        command[slot] = opcode;
        features[slot] = registers.longFeatures();
        count[slot] = registers.longCount();
        device[slot] = registers.device();
        status[slot] = registers.status();
        error[slot] = registers.error();
        hours[slot] = powerOnHours;
        lba[slot] = failingLba;
        total++;
    }

    /** Page 01: five entries (ATA-6 table 43). */
    void writeSummary(final MemoryRegion page) {
        page.fill(0, AtaDisk.SECTOR, (byte) 0);
        page.putByte(0, (byte) 1);
        page.putByte(1, (byte) (total == 0 ? 0 : (total - 1) % SUMMARY_ENTRIES + 1));
        for (int i = 0; i < Math.min(total, SUMMARY_ENTRIES); i++) {
            final int at = 2 + i * SUMMARY_ENTRY_BYTES;
            final int commandAt = at + 48;
            page.putByte(commandAt + 1, (byte) features[i]);
            page.putByte(commandAt + 2, (byte) count[i]);
            address(page, commandAt + 3, i);
            page.putByte(commandAt + 6, (byte) device[i]);
            page.putByte(commandAt + 7, (byte) command[i]);
            final int errorAt = at + 60;
            page.putByte(errorAt + 1, (byte) error[i]);
            page.putByte(errorAt + 2, (byte) count[i]);
            address(page, errorAt + 3, i);
            page.putByte(errorAt + 6, (byte) device[i]);
            page.putByte(errorAt + 7, (byte) status[i]);
            page.putByte(errorAt + 27, (byte) ACTIVE);
            page.putShort(errorAt + 28, (short) hours[i]);
        }
        page.putShort(452, (short) Math.min(total, 0xffff));
        SmartState.checksum(page, 0);
    }

    private void address(final MemoryRegion page, final int at, final int entry) {
        page.putByte(at, (byte) lba[entry]);
        page.putByte(at + 1, (byte) (lba[entry] >> 8));
        page.putByte(at + 2, (byte) (lba[entry] >> 16));
    }

    /** Page 03: the last four, with 48-bit addresses (ATA-6 table 23). */
    void writeExtended(final MemoryRegion page) {
        page.fill(0, AtaDisk.SECTOR, (byte) 0);
        page.putByte(0, (byte) 1);
        final int shown = Math.min(total, EXTENDED_ENTRIES);
        page.putShort(2, (short) shown);
        for (int i = 0; i < shown; i++) {
            extended(page, 4 + i * EXTENDED_ENTRY_BYTES, (total - shown + i) % SUMMARY_ENTRIES);
        }
        page.putShort(500, (short) Math.min(total, 0xffff));
        SmartState.checksum(page, 0);
    }

    private void extended(final MemoryRegion page, final int at, final int i) {
        final int commandAt = at + 72;
        page.putByte(commandAt + 1, (byte) features[i]);
        page.putByte(commandAt + 2, (byte) (features[i] >> 8));
        page.putByte(commandAt + 3, (byte) count[i]);
        page.putByte(commandAt + 4, (byte) (count[i] >> 8));
        longAddress(page, commandAt + 5, i);
        page.putByte(commandAt + 11, (byte) device[i]);
        page.putByte(commandAt + 12, (byte) command[i]);
        final int errorAt = at + 90;
        page.putByte(errorAt + 1, (byte) error[i]);
        page.putByte(errorAt + 2, (byte) count[i]);
        page.putByte(errorAt + 3, (byte) (count[i] >> 8));
        longAddress(page, errorAt + 4, i);
        page.putByte(errorAt + 10, (byte) device[i]);
        page.putByte(errorAt + 11, (byte) status[i]);
        page.putByte(errorAt + 31, (byte) ACTIVE);
        page.putShort(errorAt + 32, (short) hours[i]);
    }

    /** Low, low previous, middle, middle previous, high, high previous. */
    private void longAddress(final MemoryRegion page, final int at, final int entry) {
        for (int i = 0; i < 3; i++) {
            page.putByte(at + 2 * i, (byte) (lba[entry] >> (8 * i)));
            page.putByte(at + 2 * i + 1, (byte) (lba[entry] >> (24 + 8 * i)));
        }
    }
}
