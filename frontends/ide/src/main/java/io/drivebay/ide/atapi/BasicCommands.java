package io.drivebay.ide.atapi;

import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.media.MediaEffect;
import io.drivebay.ide.media.MediaInput;

/** Commands of every SCSI device, tray and lock. */
final class BasicCommands {
    private static final int INQUIRY_BYTES = 36;
    private static final int CD_DEVICE = 0x05;
    private static final int REMOVABLE = 0x80;
    private static final int VERSION = 0x05;
    private static final int FORMAT = 0x32;
    private static final int EVPD = 1;
    private static final int LOAD_EJECT = 2;
    private static final int START = 1;
    private static final int PREVENT = 1;
    private static final int PERSISTENT = 2;

    private BasicCommands() {}

    /** The last error, or the first unit attention; both are gone then (SPC 6.27). */
    static void requestSense(final AtapiDrive drive) {
        final SenseData sense = drive.sense();
        if (sense.sense() == Sense.NONE && !drive.deviates(Deviation.NOT_READY_BEFORE_ATTENTION)) {
            sense.set(drive.attentions().poll());
        }
        sense.write(drive.reply(), !drive.deviates(Deviation.NO_SENSE_DETAILS));
        if (sense.sense().isAttention() || !drive.deviates(Deviation.SENSE_STAYS)) {
            sense.clear();
        }
        drive.answer(drive.packet().at(4));
    }

    static void inquiry(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        final Reply reply = drive.reply();
        if (packet.has(1, EVPD)) {
            if (!vitalProductData(drive, packet.at(2))) {
                drive.checkField(2);
                return;
            }
        } else if (packet.at(2) != 0) {
            drive.checkField(2);
            return;
        } else {
            reply.begin(INQUIRY_BYTES);
            reply.put(0, CD_DEVICE)
                    .put(1, REMOVABLE)
                    .put(2, VERSION)
                    .put(3, FORMAT)
                    .put(4, INQUIRY_BYTES - 5);
            final String model = drive.core().options().model();
            final int space = model.indexOf(' ');
            reply.put(8, 8, space < 0 ? model : model.substring(0, space));
            reply.put(16, 16, model);
            reply.put(32, 4, drive.core().options().firmware());
        }
        drive.answer(packet.u16(3));
    }

    private static boolean vitalProductData(final AtapiDrive drive, final int page) {
        final Reply reply = drive.reply();
        final String serial = drive.core().options().serial();
        switch (page) {
            case 0x00 -> reply.begin(7).put(4, 0x00).put(5, 0x80).put(6, 0x83);
            case 0x80 -> reply.begin(4 + serial.length()).put(4, serial.length(), serial);
            case 0x83 -> {
                reply.begin(8 + serial.length());
                reply.put(4, 2).put(7, serial.length()).put(8, serial.length(), serial);
            }
            default -> {
                return false;
            }
        }
        reply.put(0, CD_DEVICE).put(1, page).put16(2, reply.length() - 4);
        return true;
    }

    /** Power conditions move no tray (semantics 1.6). */
    static void startStop(final AtapiDrive drive) {
        final int action = drive.packet().at(4);
        if ((action & 0xf0) != 0 || (action & LOAD_EJECT) == 0) {
            drive.succeed();
        } else if ((action & START) != 0) {
            drive.media(MediaInput.GUEST_LOAD);
            drive.succeed();
        } else if (drive.media(MediaInput.GUEST_EJECT).contains(MediaEffect.REFUSE_LOCKED)) {
            final boolean medium = drive.mediaState().medium();
            drive.check(medium ? Sense.REMOVAL_PREVENTED : Sense.REMOVAL_PREVENTED_EMPTY);
        } else {
            drive.succeed();
        }
    }

    /** A persistent prevention locks every medium to come as well, until it is taken back (MMC 6.18). */
    static void preventAllow(final AtapiDrive drive) {
        final int action = drive.packet().at(4);
        if ((action & PERSISTENT) != 0 && !drive.deviates(Deviation.NO_PERSISTENT_PREVENT)) {
            drive.persistentPrevent((action & PREVENT) != 0);
        }
        final boolean locks = (action & PREVENT) != 0;
        if (locks || !drive.persistentPrevent()) {
            drive.media(locks ? MediaInput.GUEST_PREVENT : MediaInput.GUEST_ALLOW);
        }
        drive.succeed();
    }
}
