package io.drivebay.ide.atapi;

import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.media.MediaEvents;
import io.drivebay.ide.media.MediaState;

/** Commands that tell about the drive: features, events, mechanism, speed. */
final class StatusCommands {
    private static final int POLLED = 1;
    private static final int NO_EVENT = 0x80;
    private static final int MEDIA_CLASS = 4;
    private static final int POWER_CLASS = 2;
    private static final int ALL_CLASSES = 0x7e;
    private static final int ONLY_MEDIA = 1 << MEDIA_CLASS;
    private static final int RESERVED_REQUEST = 3;
    private static final int DOOR_OPEN = 0x10;
    private static final int STREAMING_BYTES = 28;
    /** Eleven times DVD speed, in kB/s. */
    private static final int SPEED = 11 * 1385;

    private StatusCommands() {}

    static void configuration(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        final int request = packet.at(1) & 3;
        final int start = packet.u16(2);
        if (drive.deviates(Deviation.SHORT_FEATURE_LIST)) {
            if (start != 0) {
                drive.checkField(2);
                return;
            }
            Features.writeShort(drive.reply(), drive.profile());
        } else if (request == RESERVED_REQUEST) {
            drive.checkField(1);
            return;
        } else {
            Features.write(drive.reply(), drive.profile(), request, start);
        }
        drive.answer(packet.u16(7));
    }

    /** Of the classes asked for, the first with an event, else the first (MMC 6.7). Only polling. */
    static void eventStatus(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        if (!packet.has(1, POLLED)) {
            drive.checkField(1);
            return;
        }
        final boolean onlyMedia = drive.deviates(Deviation.ONLY_MEDIA_EVENTS);
        final int supported = onlyMedia ? ONLY_MEDIA : ALL_CLASSES;
        final int uncounted = onlyMedia ? 2 : 0;
        final int wanted = packet.at(4) & supported;
        final Reply reply = drive.reply();
        if (wanted == 0) {
            reply.begin(4).put16(0, 2 - uncounted).put(2, NO_EVENT).put(3, supported);
            drive.answer(packet.u16(7));
            return;
        }
        final boolean media = (wanted & ONLY_MEDIA) != 0 && !drive.events().isEmpty();
        final int eventClass = media ? MEDIA_CLASS : Integer.numberOfTrailingZeros(wanted);
        reply.begin(8).put16(0, 6 - uncounted).put(2, eventClass).put(3, supported);
        if (eventClass == MEDIA_CLASS) {
            reply.put(4, nextEvent(drive).code()).put(5, mediaStatus(drive.mediaState()));
        } else if (eventClass == POWER_CLASS) {
            reply.put(5, 1);
        }
        drive.answer(packet.u16(7));
    }

    /** QEMU keeps events back while the tray is open. */
    private static MediaEvents.Event nextEvent(final AtapiDrive drive) {
        return drive.deviates(Deviation.NO_REMOVAL_EVENT) && drive.mediaState().open()
                ? MediaEvents.Event.NONE
                : drive.events().poll();
    }

    private static int mediaStatus(final MediaState state) {
        return state.open() ? 1 : state.medium() ? 2 : 0;
    }

    static void mechanism(final AtapiDrive drive) {
        final boolean tells = !drive.deviates(Deviation.QEMU_COMMANDS_ONLY);
        final Reply reply = drive.reply().begin(8).put(5, 1);
        reply.put(1, tells && drive.mediaState().open() ? DOOR_OPEN : 0);
        drive.answer(drive.packet().u16(8));
    }

    /** Nominal performance: the same from the first block to the last. */
    static void performance(final AtapiDrive drive) {
        final Packet packet = drive.packet();
        if (packet.at(10) != 0) {
            drive.checkField(10);
            return;
        }
        final Reply reply = drive.reply().begin(8 + 16).put32(0, 4 + 16);
        reply.put32(12, SPEED).put32(16, (int) (drive.blocks() - 1)).put32(20, SPEED);
        drive.answer(8 + 16 * Math.min(1, packet.u16(8)));
    }

    /** Takes a performance descriptor; the drive is as fast as its backend whatever it says. */
    static void setStreaming(final AtapiDrive drive) {
        final int length = drive.packet().u16(9);
        if (length == 0) {
            drive.succeed();
        } else if (length != STREAMING_BYTES) {
            drive.check(Sense.LIST_LENGTH);
        } else {
            drive.dataOut().begin(length, AtapiDrive::succeed);
        }
    }
}
