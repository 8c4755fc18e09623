package io.drivebay.ide.ata;

import io.drivebay.backend.request.Operation;

/** SET FEATURES (ATA-6 8.46): what the disk does not have ends with ABRT. */
final class FeatureCommands {
    private static final int MAX_APM_LEVEL = 0xfe;

    private FeatureCommands() {}

    static void run(final AtaDisk disk) {
        final DiskSettings settings = disk.settings();
        final int count = disk.core().registers().count();
        switch (disk.core().registers().features()) {
            case 0x02 -> writeCache(disk, true);
            case 0x82 -> disk.single().begin(Operation.FLUSH, 0, 0, d -> writeCache(d, false));
            case 0x03 -> succeedIf(disk, settings.transferMode.select(count));
            case 0x05 -> setApm(disk, count);
            case 0x85 -> setApm(disk, DiskSettings.NO_LEVEL);
            case 0x42 -> settings.acousticLevel = keep(disk, count);
            case 0xc2 -> settings.acousticLevel = keep(disk, DiskSettings.NO_LEVEL);
            case 0xaa -> settings.readLookAhead = keep(disk, true);
            case 0x55 -> settings.readLookAhead = keep(disk, false);
            case 0x66 -> settings.revertOnSoftReset = keep(disk, false);
            case 0xcc -> settings.revertOnSoftReset = keep(disk, true);
            case 0x67, 0x69, 0x96, 0x9a -> disk.succeed();
            default -> disk.abort();
        }
    }

    private static void writeCache(final AtaDisk disk, final boolean enabled) {
        disk.core().port().backend().writeCache(enabled);
        disk.succeed();
    }

    /** APM levels are 01 to FE. */
    private static void setApm(final AtaDisk disk, final int level) {
        final boolean disable = disk.core().registers().features() == 0x85;
        if (!disable && (level == DiskSettings.NO_LEVEL || level > MAX_APM_LEVEL)) {
            disk.abort();
            return;
        }
        disk.settings().apmLevel = keep(disk, level);
    }

    private static int keep(final AtaDisk disk, final int value) {
        disk.succeed();
        return value;
    }

    private static boolean keep(final AtaDisk disk, final boolean value) {
        disk.succeed();
        return value;
    }

    private static void succeedIf(final AtaDisk disk, final boolean good) {
        if (good) {
            disk.succeed();
        } else {
            disk.abort();
        }
    }
}
