package io.drivebay.sim.ide;

import io.drivebay.sim.ide.MediaEvent.Event;
import java.util.ArrayList;
import java.util.List;

/**
 * A guest that looks after its CD drive as Linux does: every second an event poll and a TEST UNIT READY, after a change
 * the commands by which it gets to know the disc, and for a program that opens the drive a lock. (As a trace of libata
 * and sr_mod of Linux 6.1 has it.)
 */
public final class CdPoller {
    /** What the guest thinks of the drive. */
    public enum Status {
        UNKNOWN,
        NO_DISC,
        TRAY_OPEN,
        DISC_OK
    }

    private static final int ATTENTION = 6;
    private static final int NOT_READY = 2;
    private static final int MOST_RETRIES = 5;
    private static final int LEAD_OUT = 0xaa;

    private final AtapiDriver drive;
    private final List<String> commands = new ArrayList<>();
    private final List<String> notices = new ArrayList<>();
    private Status status = Status.UNKNOWN;
    private long blocks;

    /** A guest that knows nothing of its drive yet. */
    public CdPoller(final AtapiDriver drive) {
        this.drive = drive;
    }

    public Status status() {
        return status;
    }

    /** Blocks of the disc that the guest knows; 0 without one. */
    public long blocks() {
        return blocks;
    }

    /** The packets that were sent since the last call, by name, and what was answered: "TUR 6/28/00", "GESN none open". */
    public List<String> takeCommands() {
        final List<String> taken = List.copyOf(commands);
        commands.clear();
        return taken;
    }

    /** What user space was told since the last call: media-change, eject-request. */
    public List<String> takeNotices() {
        final List<String> taken = List.copyOf(notices);
        notices.clear();
        return taken;
    }

    /** One round of polling. */
    public Status poll() {
        final MediaEvent seen = drive.event();
        commands.add("GESN " + seen);
        if (seen.event() == Event.EJECT_REQUEST) {
            notices.add("eject-request");
        }
        boolean changed = seen.event() == Event.NEW_MEDIUM || seen.event() == Event.REMOVAL;
        final Status before = status;
        changed |= testReady(seen.open());
        changed |= status != before && before != Status.UNKNOWN;
        if (changed) {
            notices.add("media-change");
        }
        if (status != Status.DISC_OK) {
            blocks = 0;
        } else if (changed || before != Status.DISC_OK) {
            getToKnow();
        }
        return status;
    }

    /** Asks until the drive has said all its attentions; true when there was one. */
    private boolean testReady(final boolean open) {
        boolean attention = false;
        for (int i = 0; i < MOST_RETRIES; i++) {
            if (drive.ready()) {
                commands.add("TUR ok");
                status = Status.DISC_OK;
                return attention;
            }
            final Sense sense = sense("TUR");
            attention |= sense.key() == ATTENTION;
            status = open ? Status.TRAY_OPEN : Status.NO_DISC;
            final boolean again = sense.key() == ATTENTION || (i == 0 && sense.key() == NOT_READY);
            if (!again) {
                return attention;
            }
        }
        throw new IdeViolation("the drive has one attention after the other: " + commands);
    }

    private Sense sense(final String after) {
        final Sense sense = drive.sense();
        commands.add(after + " " + sense);
        return sense;
    }

    /** What Linux asks about a disc that it does not know yet. */
    private void getToKnow() {
        ask("TOC", 0x43, 0, 0, 0, 0, 0, 0, 0, 12, 0x40);
        ask("TOC", 0x43, 0, 0, 0, 0, 0, 0, 0, 12);
        ask("TOC", 0x43, 0, 0, 0, 0, 0, 1, 0, 12);
        blocks = drive.blocks();
        commands.add("CAPACITY " + blocks);
        ask("DISC", 0x51, 0, 0, 0, 0, 0, 0, 0, 34);
        ask("TRACK", 0x52, 1, 0, 0, 0, 1, 0, 0, 8);
        ask("TOC", 0x43, 2, 0, 0, 0, 0, LEAD_OUT, 0, 12);
    }

    private void ask(final String name, final int... cdb) {
        drive.packet(cdb);
        if (drive.ok()) {
            commands.add(name + " ok");
        } else {
            sense(name);
        }
    }

    /** A program opens the drive: an open tray is closed, the disc is locked. True when there is a disc. */
    public boolean open() {
        poll();
        if (status == Status.TRAY_OPEN) {
            commands.add("LOAD " + (drive.load() ? "ok" : "refused"));
            poll();
        }
        if (status != Status.DISC_OK) {
            return false;
        }
        commands.add("PREVENT " + (drive.prevent(true, false) ? "ok" : "refused"));
        return true;
    }

    /** The program closes it again. */
    public void close() {
        commands.add("ALLOW " + (drive.prevent(false, false) ? "ok" : "refused"));
    }
}
