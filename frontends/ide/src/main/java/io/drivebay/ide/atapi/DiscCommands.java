package io.drivebay.ide.atapi;

import io.drivebay.ide.device.Deviation;

/** Commands that tell about the disc. */
final class DiscCommands {
    private static final int MSF = 2;
    private static final long LARGEST = 0xffff_ffffL;
    private static final int DATA_TRACK = 0x04;
    private static final int MODE_1 = 0x01;
    private static final int ALL_STRUCTURES = 0xff;
    /** Physical sector at which a DVD's user data begins. */
    private static final int DVD_START = 0x30000;

    private DiscCommands() {}

    static void capacity(final AtapiDrive drive) {
        final long last = Math.min(drive.blocks() - 1, LARGEST);
        drive.reply().begin(8).put32(0, (int) Math.max(0, last)).put32(4, RawSector.USER);
        drive.answer(8);
    }

    static void formatCapacities(final AtapiDrive drive) {
        final boolean ready = drive.mediaState().ready();
        final long blocks = ready ? Math.min(drive.blocks(), LARGEST) : 0;
        drive.reply()
                .begin(12)
                .put(3, 8)
                .put32(4, (int) blocks)
                .put(8, ready ? 2 : 3)
                .put24(9, RawSector.USER);
        drive.answer(drive.packet().u16(7));
    }

    /** The format stands in byte 2, or for old hosts in the top bits of byte 9. */
    static void tableOfContents(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        final int format = packet.at(2) != 0 ? packet.at(2) & 0x0f : packet.at(9) >> 6;
        final TableOfContents toc = new TableOfContents(drive.reply(), packet.has(1, MSF), drive.blocks());
        final boolean known = switch (format) {
            case 0 -> toc.tracks(packet.at(6));
            case 1 -> toc.session();
            case 2 -> toc.raw();
            case 5 -> !drive.deviates(Deviation.QEMU_COMMANDS_ONLY) && toc.text();
            default -> false;
        };
        if (known) {
            drive.answer(packet.u16(7));
        } else {
            drive.checkField(format == 0 ? 6 : 2);
        }
    }

    static void header(final AtapiDrive drive) {
        final long lba = drive.packet().u32(2);
        if (lba >= drive.blocks()) {
            drive.checkAt(Sense.ADDRESS_OUT_OF_RANGE, lba);
            return;
        }
        final Reply reply = drive.reply().begin(8).put(0, MODE_1);
        if (drive.packet().has(1, MSF)) {
            reply.put(5, Msf.minute(lba)).put(6, Msf.second(lba)).put(7, Msf.frame(lba));
        } else {
            reply.put32(4, (int) lba);
        }
        drive.answer(drive.packet().u16(7));
    }

    /** Nothing is ever played; the disc has neither catalogue number nor ISRC. */
    static void subchannel(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        final boolean wantsData = packet.has(2, 0x40);
        final int format = packet.at(3);
        if (wantsData && (format < 1 || format > 3)) {
            drive.checkField(3);
            return;
        }
        final int data = !wantsData ? 0 : format == 1 ? 12 : 20;
        final Reply reply = drive.reply().begin(4 + data).put(1, 0x15).put16(2, data);
        if (wantsData) {
            reply.put(4, format);
            if (format == 1) {
                reply.put(5, 0x14).put(6, 1).put(7, 1);
            }
        }
        drive.answer(packet.u16(7));
    }

    /** A finished disc of one session and one track. */
    static void discInformation(final AtapiDrive drive) {
        if ((drive.packet().at(1) & 7) != 0) {
            drive.checkField(1);
            return;
        }
        final Reply reply = drive.reply().begin(34).put16(0, 32).put(2, 0x0e);
        reply.put(3, 1).put(4, 1).put(5, 1).put(6, 1).put(7, 0x20);
        if (!drive.deviates(Deviation.QEMU_COMMANDS_ONLY)) {
            reply.put32(16, -1).put32(20, -1);
        }
        drive.answer(drive.packet().u16(7));
    }

    static void trackInformation(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        final long number = packet.u32(2);
        final boolean exists = switch (packet.at(1) & 3) {
            case 0 -> number < drive.blocks();
            case 1, 2 -> number == 1;
            default -> false;
        };
        if (!exists) {
            drive.checkField(2);
            return;
        }
        final Reply reply = drive.reply().begin(36).put16(0, 34);
        reply.put(2, 1).put(3, 1).put(5, DATA_TRACK).put(6, MODE_1);
        reply.put32(24, (int) Math.min(drive.blocks(), LARGEST));
        drive.answer(packet.u16(7));
    }

    static void dvdStructure(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        final int format = packet.at(7);
        if (drive.profile() != Profile.DVD_ROM) {
            drive.check(Sense.WRONG_MEDIUM);
        } else if (packet.at(6) != 0 || !structure(drive, format)) {
            drive.checkField(packet.at(6) != 0 ? 6 : 7);
        } else {
            drive.reply().put16(0, drive.reply().length() - 2);
            drive.answer(packet.u16(8));
        }
    }

    private static boolean structure(final AtapiDrive drive, final int format) {
        final Reply reply = drive.reply();
        switch (format) {
            case 0x00 -> {
                reply.begin(4 + 2048).put(4, 1).put(5, 0x0f).put(6, 1);
                reply.put32(8, DVD_START).put32(12, (int) Math.min(DVD_START + drive.blocks() - 1, LARGEST));
            }
            case 0x01 -> reply.begin(4 + 4);
            case 0x04 -> reply.begin(4 + 2048);
            case ALL_STRUCTURES -> {
                reply.begin(4 + 3 * 4);
                listed(reply, 4, 0x00, 4 + 2048);
                listed(reply, 8, 0x01, 4 + 4);
                listed(reply, 12, 0x04, 4 + 2048);
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    private static void listed(final Reply reply, final int at, final int format, final int bytes) {
        reply.put(at, format).put(at + 1, 0x40).put16(at + 2, bytes);
    }
}
