package io.drivebay.ide.ata;

import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.ide.device.ErrorBits;
import io.drivebay.ide.device.TaskFile;

/** Commands that move or look at sectors. */
final class SectorCommands {
    private SectorCommands() {}

    static void readSectors(final AtaDisk disk) {
        disk.blockIn().begin(1);
    }

    static void readMultiple(final AtaDisk disk) {
        disk.blockIn().begin(disk.settings().multiple);
    }

    static void writeSectors(final AtaDisk disk) {
        disk.blockOut().begin(1, 0);
    }

    static void writeMultiple(final AtaDisk disk) {
        disk.blockOut().begin(disk.settings().multiple, 0);
    }

    static void writeMultipleFua(final AtaDisk disk) {
        disk.blockOut().begin(disk.settings().multiple, RequestFlags.FUA);
    }

    static void readDma(final AtaDisk disk) {
        disk.sectorDma().begin(Operation.READ, 0);
    }

    static void writeDma(final AtaDisk disk) {
        disk.sectorDma().begin(Operation.WRITE, 0);
    }

    static void writeDmaFua(final AtaDisk disk) {
        disk.sectorDma().begin(Operation.WRITE, RequestFlags.FUA);
    }

    static void verify(final AtaDisk disk) {
        disk.verify().begin();
    }

    /** The address must exist; the count has no meaning. */
    static void seek(final AtaDisk disk) {
        final TaskFile registers = disk.core().registers();
        final int count = registers.count();
        registers.count(1, false);
        final boolean exists = disk.range().decode(false, disk.settings().translation)
                && disk.range().within(disk.sectors());
        registers.count(count, false);
        if (exists) {
            disk.succeed();
        } else {
            disk.fail(ErrorBits.IDNF);
        }
    }
}
