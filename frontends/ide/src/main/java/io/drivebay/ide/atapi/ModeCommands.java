package io.drivebay.ide.atapi;

import io.drivebay.ide.device.Deviation;

/** MODE SENSE and MODE SELECT (SPC 6.7 to 6.10). */
final class ModeCommands {
    private static final int SAVED = 3;
    private static final int SAVE_PAGES = 1;
    private static final int PAGE_FORMAT = 0x10;
    private static final int SHORT_HEADER = 4;
    private static final int LONG_HEADER = 8;
    private static final int MAX_LIST = 1024;

    private ModeCommands() {}

    static void sense6(final AtapiDrive drive) {
        if (pages(drive, SHORT_HEADER)) {
            drive.reply().put(0, drive.reply().length() - 1);
            drive.answer(drive.packet().at(4));
        }
    }

    static void sense10(final AtapiDrive drive) {
        if (pages(drive, LONG_HEADER)) {
            drive.reply().put16(0, drive.reply().length() - 2);
            drive.answer(drive.packet().u16(7));
        }
    }

    private static boolean pages(final AtapiDrive drive, final int header) {
        final int page = drive.packet().at(2) & ModePages.ALL;
        final int control = drive.packet().at(2) >> 6;
        if (control == SAVED) {
            drive.check(Sense.SAVING_NOT_SUPPORTED);
            return false;
        }
        final boolean beyond = control != ModePages.CURRENT || (page != 0x01 && page != 0x0e && page != 0x2a);
        if (!drive.pages().has(page) || (beyond && drive.deviates(Deviation.QEMU_COMMANDS_ONLY))) {
            drive.checkField(2);
            return false;
        }
        drive.reply().begin(header);
        drive.pages().write(drive.reply(), page, control, drive.mediaState().locked());
        return true;
    }

    static void select6(final AtapiDrive drive) {
        select(drive, drive.packet().at(4), SHORT_HEADER);
    }

    static void select10(final AtapiDrive drive) {
        select(drive, drive.packet().u16(7), LONG_HEADER);
    }

    private static void select(final AtapiDrive drive, final int length, final int header) {
        final Packet packet = drive.packet();
        if (!packet.has(1, PAGE_FORMAT) || packet.has(1, SAVE_PAGES)) {
            drive.checkField(1);
        } else if (length == 0) {
            drive.succeed();
        } else if (length < header || length > MAX_LIST) {
            drive.check(Sense.LIST_LENGTH);
        } else {
            drive.dataOut().begin(length, header == SHORT_HEADER ? ModeCommands::given6 : ModeCommands::given10);
        }
    }

    private static void given6(final AtapiDrive drive) {
        given(drive, SHORT_HEADER, drive.packet().at(4), drive.reply().get(3));
    }

    private static void given10(final AtapiDrive drive) {
        given(
                drive,
                LONG_HEADER,
                drive.packet().u16(7),
                drive.reply().get(6) << 8 | drive.reply().get(7));
    }

    private static void given(final AtapiDrive drive, final int header, final int length, final int descriptors) {
        final Sense wrong =
                descriptors != 0 ? Sense.INVALID_FIELD_IN_LIST : drive.pages().select(drive.reply(), header, length);
        if (wrong == null) {
            drive.succeed();
        } else {
            drive.check(wrong);
        }
    }
}
