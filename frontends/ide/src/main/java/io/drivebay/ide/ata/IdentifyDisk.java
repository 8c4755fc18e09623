package io.drivebay.ide.ata;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.ide.device.DriveOptions;

/** IDENTIFY DEVICE: every word from what the disk is and does (ATA-6 table 29; words beyond 127 from ACS-2). */
final class IdentifyDisk {
    private static final long MAX_SHORT = 0x0fff_ffffL;
    private static final int VALID = 1 << 14;

    private IdentifyDisk() {}

    static void write(final AtaDisk disk, final MemoryRegion page) {
        final IdentifyWords words = new IdentifyWords(page);
        final DriveOptions names = disk.options().drive();
        words.put(0, 0x0040)
                .put(10, 10, names.serial())
                .put(23, 4, names.firmware())
                .put(27, 20, names.model());
        geometry(disk, words);
        transfers(disk, words);
        features(disk, words);
        special(disk, words);
        words.seal();
    }

    private static void geometry(final AtaDisk disk, final IdentifyWords words) {
        final Geometry standard = disk.defaultGeometry();
        final Geometry now = disk.settings().translation;
        final long sectors = disk.sectors();
        words.put(1, standard.cylinders()).put(3, standard.heads()).put(6, standard.sectorsPerTrack());
        words.put(54, now.cylinders()).put(55, now.heads()).put(56, now.sectorsPerTrack());
        words.putLong(57, 2, now.sectors());
        words.putLong(60, 2, Math.min(sectors, MAX_SHORT));
        words.putLong(100, 4, sectors);
    }

    private static void transfers(final AtaDisk disk, final IdentifyWords words) {
        final DiskSettings settings = disk.settings();
        words.put(47, 0x8000 | DiskSettings.MAX_MULTIPLE);
        words.put(49, 1 << 13 | 1 << 11 | 1 << 9 | 1 << 8);
        words.put(50, VALID);
        words.put(51, 0x0200).put(52, 0x0200).put(53, 0x0007);
        words.put(59, settings.multiple == 0 ? 0 : 0x0100 | settings.multiple);
        words.put(62, settings.transferMode.word62()).put(63, settings.transferMode.word63());
        words.put(64, 0x0003).put(65, 120).put(66, 120).put(67, 120).put(68, 120);
        words.put(88, settings.transferMode.word88());
    }

    private static void features(final AtaDisk disk, final IdentifyWords words) {
        final DiskSettings settings = disk.settings();
        final boolean named = disk.options().worldWideName() != 0;
        words.put(80, 0x03f0);
        // SMART, security, power management, write cache, look-ahead, HPA, WRITE and READ BUFFER, NOP
        final int fixed = 1 << 3 | 1 << 10 | 1 << 12 | 1 << 13 | 1 << 14;
        words.put(82, fixed | 1 | 1 << 1 | 1 << 5 | 1 << 6);
        words.put(
                85,
                fixed
                        | (disk.smart().enabled ? 1 : 0)
                        | (disk.security().enabled() ? 1 << 1 : 0)
                        | (disk.core().port().backend().writeCache() ? 1 << 5 : 0)
                        | (settings.readLookAhead ? 1 << 6 : 0));
        // 48 bits, FLUSH CACHE and its EXT; APM and acoustic management come and go
        final int always = 1 << 10 | 1 << 12 | 1 << 13;
        words.put(83, VALID | always | 1 << 3 | 1 << 9);
        words.put(
                86,
                always
                        | (settings.apmLevel != DiskSettings.NO_LEVEL ? 1 << 3 : 0)
                        | (settings.acousticLevel != DiskSettings.NO_LEVEL ? 1 << 9 : 0));
        // error log, self-test, general purpose logs, FUA, world wide name
        final int more = VALID | 1 | 1 << 1 | 1 << 5 | 1 << 6 | (named ? 1 << 8 : 0);
        words.put(84, more).put(87, more);
        words.put(91, settings.apmLevel).put(94, settings.acousticLevel);
        words.put(93, VALID | 0x2000 | (disk.core().socket().second() ? 0x0100 : 0x0001));
    }

    private static void special(final AtaDisk disk, final IdentifyWords words) {
        final DiskOptions options = disk.options();
        words.put(89, 1).put(92, disk.security().masterRevision());
        final int exponent = options.physicalSectorExponent();
        words.put(106, VALID | (exponent > 0 ? 1 << 13 | exponent : 0));
        if (options.worldWideName() != 0) {
            final long name = options.worldWideName();
            words.put(108, (int) (name >> 48)).put(109, (int) (name >> 32));
            words.put(110, (int) (name >> 16)).put(111, (int) name);
        }
        words.put(119, VALID).put(120, VALID);
        words.put(128, disk.security().word128());
        if (options.trim() != DiskOptions.Trim.OFF) {
            words.put(105, Trim.MAX_BLOCKS).put(169, 1);
        }
        if (options.trim() == DiskOptions.Trim.ZEROES) {
            words.put(69, 1 << 14 | 1 << 5);
        }
        words.put(217, options.rotationRate());
        words.put(222, 1);
    }
}
