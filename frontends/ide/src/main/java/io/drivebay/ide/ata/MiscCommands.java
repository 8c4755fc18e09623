package io.drivebay.ide.ata;

import io.drivebay.backend.request.Operation;

/** Commands that fit nowhere else. */
final class MiscCommands {
    private MiscCommands() {}

    /** NOP always ends with ABRT (ATA-6 8.23). */
    static void nop(final AtaDisk disk) {
        disk.abort();
    }

    static void identify(final AtaDisk disk) {
        IdentifyDisk.write(disk, disk.core().buffer().region());
        disk.transfer().in(1);
    }

    static void diagnose(final AtaDisk disk) {
        disk.core().socket().diagnose();
    }

    static void flush(final AtaDisk disk) {
        disk.single().begin(Operation.FLUSH, 0, 0, AtaDisk::succeed);
    }

    /** 0 turns multiple mode off; otherwise a power of two up to 16 (ATA-6 8.50). */
    static void setMultiple(final AtaDisk disk) {
        final int count = disk.core().registers().count();
        if (count > DiskSettings.MAX_MULTIPLE || Integer.bitCount(count) > 1) {
            disk.abort();
            return;
        }
        disk.settings().multiple = count;
        disk.succeed();
    }

    static void readBuffer(final AtaDisk disk) {
        disk.core().buffer().region().copyFrom(0, disk.sectorBuffer(), 0, AtaDisk.SECTOR);
        disk.transfer().in(1);
    }

    static void writeBuffer(final AtaDisk disk) {
        disk.transfer().out(1, MiscCommands::bufferWritten);
    }

    private static void bufferWritten(final AtaDisk disk) {
        disk.sectorBuffer().copyFrom(0, disk.core().buffer().region(), 0, AtaDisk.SECTOR);
        disk.succeed();
    }
}
