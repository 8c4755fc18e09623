package io.drivebay.ide.atapi;

import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.ErrorBits;
import io.drivebay.ide.device.StatusBits;
import io.drivebay.ide.media.MediaState;

/**
 * What every packet must pass, in this order (semantics 1.6, A-pre): a unit attention, the medium, the byte count limit.
 *
 * <p>By the standard an attention is reported once. QEMU bars everything until it has been sensed, and puts a NOT READY
 * before the one about a new medium.
 */
final class PacketGate {
    private static final int SENSED_ONLY = ErrorBits.MC | Sense.RESET.key() << 4;

    private final AtapiDrive drive;
    private final Medium medium;
    private final SenseData sense = new SenseData();

    PacketGate(final AtapiDrive drive, final Medium medium) {
        this.drive = drive;
        this.medium = medium;
    }

    SenseData sense() {
        return sense;
    }

    void reset() {
        sense.clear();
    }

    /** Runs a packet, or says why not. */
    void run(final Packet packet) {
        final PacketTable.Entry entry = PacketTable.at(packet.opcode());
        final boolean attends = entry != null && entry.has(PacketTable.ATTENDS);
        if (!attends && attention()) {
            return;
        }
        if (packet.opcode() != 0x03 && !drive.deviates(Deviation.SENSE_STAYS)) {
            sense.clear();
        }
        if (entry == null || (entry.has(PacketTable.BEYOND_QEMU) && drive.deviates(Deviation.QEMU_COMMANDS_ONLY))) {
            drive.check(Sense.INVALID_OPCODE);
        } else if (entry.has(PacketTable.MEDIUM) && !medium.state().ready()) {
            drive.check(notReady());
        } else if (entry.has(PacketTable.DATA) && !drive.usesDma() && drive.pieceLimit() == 0) {
            drive.abort(ErrorBits.ABRT);
        } else {
            entry.handler().run(drive);
        }
    }

    /** True when an attention ends the packet. */
    private boolean attention() {
        if (sense.sense().isAttention() && drive.deviates(Deviation.ATTENTION_LASTS_UNTIL_SENSED)) {
            drive.reason(0);
            drive.core().registers().error(SENSED_ONLY);
            drive.core().end(StatusBits.ERR);
            return true;
        }
        if (medium.state().ready() && medium.passesThroughNotReady()) {
            drive.check(Sense.NO_MEDIUM);
            return true;
        }
        if (medium.attentions().isEmpty()
                || (medium.changeIsPending() && !medium.state().ready())) {
            return false;
        }
        drive.check(medium.attentions().poll());
        return true;
    }

    private Sense notReady() {
        final MediaState state = medium.state();
        return state.open() ? Sense.NO_MEDIUM_TRAY_OPEN : Sense.NO_MEDIUM_TRAY_CLOSED;
    }

    /** The medium that a packet was about has left in the middle of it. */
    void mediumLeft() {
        if (!medium.state().ready()) {
            drive.check(notReady());
        } else if (medium.passesThroughNotReady()) {
            drive.check(Sense.NO_MEDIUM);
        } else {
            final Sense attention = medium.attentions().poll();
            drive.check(attention == Sense.NONE ? Sense.MEDIUM_CHANGED : attention);
        }
    }
}
