package io.drivebay.ide.ata;

import io.drivebay.ide.device.ErrorBits;
import io.drivebay.ide.device.TaskFile;

/** Translation and the host protected area (ATA-6 6.12). */
final class CapacityCommands {
    private static final long MAX_SHORT_ADDRESS = 0x0fff_ffffL;
    private static final int PERSISTENT = 1;
    private static final int SET_ADDRESS = 0;

    private CapacityCommands() {}

    /** Both READ NATIVE MAX ADDRESS commands: the last sector there is, whatever the disk shows. */
    static void readNativeMax(final AtaDisk disk) {
        final long last = disk.settings().nativeSectors - 1;
        final boolean extended = disk.extended();
        disk.range().decode(extended, disk.settings().translation);
        disk.range().address(extended ? last : Math.min(last, MAX_SHORT_ADDRESS));
        disk.succeed();
    }

    static void setMax(final AtaDisk disk) {
        if (disk.core().registers().features() != SET_ADDRESS) {
            disk.abort();
            return;
        }
        set(disk);
    }

    static void setMaxExt(final AtaDisk disk) {
        if (disk.settings().maxWasSet) {
            disk.fail(ErrorBits.IDNF);
            return;
        }
        set(disk);
    }

    private static void set(final AtaDisk disk) {
        final DiskSettings settings = disk.settings();
        final TaskFile registers = disk.core().registers();
        if (!disk.range().decode(disk.extended(), settings.translation)
                || disk.range().lba() >= settings.nativeSectors) {
            disk.fail(ErrorBits.IDNF);
            return;
        }
        settings.shownSectors = disk.range().lba() + 1;
        if ((registers.count() & PERSISTENT) != 0) {
            settings.shownAfterPowerOn = settings.shownSectors;
        }
        settings.maxWasSet = true;
        disk.succeed();
    }

    /** INITIALIZE DEVICE PARAMETERS (I13): heads from the device register, sectors per track from the count. */
    static void setTranslation(final AtaDisk disk) {
        final TaskFile registers = disk.core().registers();
        if (registers.count() == 0) {
            disk.abort();
            return;
        }
        disk.settings().translation = Geometry.translation(disk.sectors(), registers.head() + 1, registers.count());
        disk.succeed();
    }
}
