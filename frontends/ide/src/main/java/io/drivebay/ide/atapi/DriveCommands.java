package io.drivebay.ide.atapi;

import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.device.ErrorBits;
import io.drivebay.ide.media.MediaEffect;
import io.drivebay.ide.media.MediaInput;
import io.drivebay.ide.media.MediaState;

/** The ATA commands of a packet drive; a disk's commands end with ABRT (I2), some with the signature (I3). */
final class DriveCommands {
    private static final int ACTIVE = 0xff;
    private static final int MSN_VERSION = 0;
    private static final int MSN_CAPABILITIES = 0x05;

    private DriveCommands() {}

    static void run(final AtapiDrive drive, final int opcode) {
        switch (opcode) {
            case 0x08 -> drive.deviceReset();
            case 0x20, 0xec -> {
                drive.core().registers().signature(AtapiDrive.SIGNATURE);
                drive.abort(ErrorBits.ABRT);
            }
            case 0x90 -> drive.core().socket().diagnose();
            case 0xa0 -> drive.beginPacket();
            case 0xa1 -> {
                IdentifyPacket.write(drive);
                drive.core().offer(drive.identifyEnds(), 0, 512);
            }
            case 0x94, 0x95, 0x96, 0x97, 0xe0, 0xe1, 0xe2, 0xe3 -> drive.endCommand();
            case 0x98, 0xe5 -> {
                drive.core().registers().count(ACTIVE, false);
                drive.endCommand();
            }
            case 0x99, 0xe6 -> drive.sleep();
            case 0xda -> mediaStatus(drive);
            case 0xed -> eject(drive);
            case 0xef -> setFeatures(drive);
            default -> drive.abort(ErrorBits.ABRT);
        }
    }

    private static void setFeatures(final AtapiDrive drive) {
        final DriveSettings settings = drive.settings();
        final DriveCore core = drive.core();
        switch (core.registers().features()) {
            case 0x03 -> {
                if (settings.transferMode.select(core.registers().count())) {
                    drive.endCommand();
                } else {
                    drive.abort(ErrorBits.ABRT);
                }
            }
            case 0x31 -> {
                settings.mediaStatus = false;
                drive.endCommand();
            }
            case 0x66, 0xcc -> {
                settings.revertOnSoftReset = core.registers().features() == 0xcc;
                drive.endCommand();
            }
            case 0x95 -> {
                settings.mediaStatus = true;
                core.registers().lbaMidHigh(MSN_CAPABILITIES << 8 | MSN_VERSION);
                drive.endCommand();
            }
            default -> drive.abort(ErrorBits.ABRT);
        }
    }

    /** GET MEDIA STATUS: what there is to say is said as error bits, and is said once (ATA-6 8.15). */
    private static void mediaStatus(final AtapiDrive drive) {
        final DriveSettings settings = drive.settings();
        if (!settings.mediaStatus) {
            drive.abort(ErrorBits.ABRT);
            return;
        }
        final MediaState state = drive.mediaState();
        final int bits = (state.ready() ? ErrorBits.WP : ErrorBits.NM)
                | (settings.mediumChanged ? ErrorBits.MC : 0)
                | (settings.ejectRequested ? ErrorBits.MCR : 0);
        settings.mediumChanged = false;
        settings.ejectRequested = false;
        drive.abort(bits);
    }

    private static void eject(final AtapiDrive drive) {
        if (drive.media(MediaInput.GUEST_EJECT).contains(MediaEffect.REFUSE_LOCKED)) {
            drive.abort(ErrorBits.ABRT);
        } else {
            drive.endCommand();
        }
    }
}
