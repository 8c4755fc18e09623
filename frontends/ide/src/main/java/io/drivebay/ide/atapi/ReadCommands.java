package io.drivebay.ide.atapi;

import io.drivebay.ide.device.Deviation;

/** Commands that read blocks. */
final class ReadCommands {
    private static final int ANY_SECTOR = 0;
    private static final int MODE_1_SECTOR = 2;
    private static final int EVERYTHING = 0xf8;
    private static final int USER_DATA = 0x10;

    private ReadCommands() {}

    static void read10(final AtapiDrive drive) {
        drive.format().user();
        read(drive, drive.packet().u32(2), drive.packet().u16(7));
    }

    static void read12(final AtapiDrive drive) {
        drive.format().user();
        read(drive, drive.packet().u32(2), drive.packet().u32(6));
    }

    /** Nothing is a good deal; the range is reckoned in 64 bits and cannot wrap. */
    private static void read(final AtapiDrive drive, final long lba, final long count) {
        if (count == 0) {
            drive.succeed();
        } else if (lba + count > drive.blocks()) {
            drive.checkAt(Sense.ADDRESS_OUT_OF_RANGE, Math.max(lba, drive.blocks()));
        } else if (drive.format().bytes() == 0) {
            drive.succeed();
        } else {
            drive.dataIn().blocks(lba, count);
        }
    }

    static void readCd(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        if (select(drive)) {
            read(drive, packet.u32(2), packet.u24(6));
        }
    }

    /** From one address up to another, which is not read any more. */
    static void readCdMsf(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        final long first = Msf.lba(packet.at(3), packet.at(4), packet.at(5));
        final long end = Msf.lba(packet.at(6), packet.at(7), packet.at(8));
        if (first < 0 || end < first) {
            drive.checkField(3);
        } else if (select(drive)) {
            read(drive, first, end - first);
        }
    }

    /** Takes the selection of a READ CD; when it is none, the command has failed. */
    private static boolean select(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        final int type = packet.at(1) >> 2 & 7;
        if (type != ANY_SECTOR && type != MODE_1_SECTOR && !drive.deviates(Deviation.QEMU_COMMANDS_ONLY)) {
            drive.check(Sense.WRONG_MODE_FOR_TRACK);
            return false;
        }
        final int main = packet.at(9);
        final boolean qemuKnows = main == 0 || main == EVERYTHING || main == USER_DATA;
        if (drive.deviates(Deviation.QEMU_COMMANDS_ONLY) && !qemuKnows) {
            drive.checkField(9);
            return false;
        }
        if (!drive.format().select(main, packet.at(10) & 7)) {
            drive.checkField((main >> 1 & 3) == 3 ? 9 : 10);
            return false;
        }
        return true;
    }

    static void seek(final AtapiDrive drive) {
        final long lba = drive.packet().u32(2);
        if (lba >= drive.blocks()) {
            drive.checkAt(Sense.ADDRESS_OUT_OF_RANGE, lba);
        } else {
            drive.succeed();
        }
    }

    static void verify(final AtapiDrive drive) {
        final long lba = drive.packet().u32(2);
        final int count = drive.packet().u16(7);
        if (lba + count > drive.blocks()) {
            drive.checkAt(Sense.ADDRESS_OUT_OF_RANGE, Math.max(lba, drive.blocks()));
        } else {
            drive.verify().begin(lba, count);
        }
    }

    /** There is no audio track on a disc that this drive reads. */
    static void refuseAudio(final AtapiDrive drive) {
        drive.check(Sense.WRONG_MODE_FOR_TRACK);
    }
}
