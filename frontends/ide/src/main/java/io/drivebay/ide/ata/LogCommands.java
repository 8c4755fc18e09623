package io.drivebay.ide.ata;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.ide.device.TaskFile;

/** Log pages, by SMART and by the general purpose commands (ATA-6 8.27, 8.55.5). Every page is one sector long. */
final class LogCommands {
    private static final int DIRECTORY = 0x00;
    private static final int SUMMARY_ERRORS = 0x01;
    private static final int EXTENDED_ERRORS = 0x03;
    private static final int SELF_TESTS = 0x06;
    private static final int EXTENDED_SELF_TESTS = 0x07;
    private static final int HOST = 0x80;

    private LogCommands() {}

    private static boolean isHostPage(final int page) {
        return page >= HOST && page < HOST + SmartState.HOST_PAGES;
    }

    static void smartReadLog(final AtaDisk disk) {
        final TaskFile registers = disk.core().registers();
        final MemoryRegion out = disk.core().buffer().region();
        final int page = registers.lbaLow();
        if (registers.count() != 1) {
            disk.abort();
            return;
        }
        switch (page) {
            case DIRECTORY -> directory(out, SUMMARY_ERRORS, SELF_TESTS);
            case SUMMARY_ERRORS -> disk.smart().errors.writeSummary(out);
            case SELF_TESTS -> disk.smart().tests.writeShort(out);
            default -> hostPage(disk, page);
        }
        show(disk, page <= SELF_TESTS && (page == DIRECTORY || page == SUMMARY_ERRORS || page == SELF_TESTS), page);
    }

    static void readLogExt(final AtaDisk disk) {
        final TaskFile registers = disk.core().registers();
        final MemoryRegion out = disk.core().buffer().region();
        final int page = registers.lbaLow();
        if (registers.longCount() != 1 || sectorOfLog(registers) != 0) {
            disk.abort();
            return;
        }
        switch (page) {
            case DIRECTORY -> directory(out, EXTENDED_ERRORS, EXTENDED_SELF_TESTS);
            case EXTENDED_ERRORS -> disk.smart().errors.writeExtended(out);
            case EXTENDED_SELF_TESTS -> disk.smart().tests.writeExtended(out);
            default -> hostPage(disk, page);
        }
        show(disk, page == DIRECTORY || page == EXTENDED_ERRORS || page == EXTENDED_SELF_TESTS, page);
    }

    private static int sectorOfLog(final TaskFile registers) {
        return (int) (registers.longLba() >> 8 & 0xff) | (int) (registers.longLba() >> 32 & 0xff) << 8;
    }

    private static void hostPage(final AtaDisk disk, final int page) {
        if (isHostPage(page)) {
            final int at = (page - HOST) * AtaDisk.SECTOR;
            disk.core().buffer().region().copyFrom(0, disk.smart().hostPages, at, AtaDisk.SECTOR);
        }
    }

    private static void show(final AtaDisk disk, final boolean own, final int page) {
        if (own || isHostPage(page)) {
            disk.transfer().in(1);
        } else {
            disk.abort();
        }
    }

    private static void directory(final MemoryRegion out, final int errors, final int tests) {
        out.fill(0, AtaDisk.SECTOR, (byte) 0);
        out.putShort(0, (short) 1);
        out.putShort(2 * errors, (short) 1);
        out.putShort(2 * tests, (short) 1);
        for (int page = HOST; page < HOST + SmartState.HOST_PAGES; page++) {
            out.putShort(2 * page, (short) 1);
        }
    }

    static void smartWriteLog(final AtaDisk disk) {
        write(disk, disk.core().registers().count() == 1);
    }

    static void writeLogExt(final AtaDisk disk) {
        final TaskFile registers = disk.core().registers();
        write(disk, registers.longCount() == 1 && sectorOfLog(registers) == 0);
    }

    private static void write(final AtaDisk disk, final boolean wellFormed) {
        if (wellFormed && isHostPage(disk.core().registers().lbaLow())) {
            disk.transfer().out(1, LogCommands::written);
        } else {
            disk.abort();
        }
    }

    private static void written(final AtaDisk disk) {
        final int page = disk.core().registers().lbaLow();
        final int at = (page - HOST) * AtaDisk.SECTOR;
        disk.smart().hostPages.copyFrom(at, disk.core().buffer().region(), 0, AtaDisk.SECTOR);
        disk.succeed();
    }
}
