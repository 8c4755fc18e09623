package io.drivebay.ide.atapi;

import io.drivebay.ide.ata.IdentifyWords;
import io.drivebay.ide.device.DriveOptions;

/** IDENTIFY PACKET DEVICE (ATA-6 table 31). */
final class IdentifyPacket {
    private static final int VALID = 1 << 14;
    /** ATAPI, CD-ROM, removable, answers a PACKET within 50 microseconds, 12-byte packets. */
    private static final int GENERAL = 0x85c0;

    private IdentifyPacket() {}

    static void write(final AtapiDrive drive) {
        final DriveOptions names = drive.core().options();
        final DriveSettings settings = drive.settings();
        final IdentifyWords words = new IdentifyWords(drive.core().buffer().region());
        words.put(0, GENERAL)
                .put(10, 10, names.serial())
                .put(23, 4, names.firmware())
                .put(27, 20, names.model());
        words.put(49, 1 << 11 | 1 << 9 | 1 << 8).put(50, VALID).put(53, 0x0006);
        words.put(62, settings.transferMode.word62()).put(63, settings.transferMode.word63());
        words.put(64, 3).put(65, 120).put(66, 120).put(67, 120).put(68, 120);
        words.put(80, 0x00f0);
        // removable medium, power management, PACKET, DEVICE RESET, NOP; then media status notification
        final int fixed = 1 << 2 | 1 << 3 | 1 << 4 | 1 << 9 | 1 << 14;
        words.put(82, fixed).put(85, fixed);
        words.put(83, VALID | 1 << 4).put(86, settings.mediaStatus ? 1 << 4 : 0);
        words.put(84, VALID).put(87, VALID);
        words.put(88, settings.transferMode.word88());
        words.put(93, VALID | 0x2000 | (drive.core().socket().second() ? 0x0100 : 0x0001));
        words.put(127, 1);
        words.seal();
    }
}
