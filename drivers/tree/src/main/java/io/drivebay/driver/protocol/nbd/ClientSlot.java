package io.drivebay.driver.protocol.nbd;

import io.drivebay.backend.request.BlockRequest;
import org.jspecify.annotations.Nullable;

/** A request of the node on its way through the server, in one or more commands one after another. */
final class ClientSlot {
    /** How far a command has come. */
    enum Stage {
        /** It waits for a connection, or for its turn. */
        QUEUED,
        /** The sender has it, and nothing of it has been written. */
        HANDED,
        /** Its header has been written, its data not yet all. */
        WRITING,
        /** All of it has been written. */
        WRITTEN
    }

    static final long NEVER = Long.MIN_VALUE;

    final int index;

    @Nullable
    BlockRequest request;
    /** Distinguishes this use of the slot from earlier ones, in the upper half of the cookie. */
    int use;

    Stage stage = Stage.QUEUED;
    /** How many bytes of the range earlier commands have dealt with. */
    long done;
    /** How many bytes the present command is about; less than asked for at an export's ragged end. */
    long length;
    /** How many bytes of a write have been handed to the socket, or of a read have come. */
    long moved;
    /** Which bytes of a read have come, in chunks. */
    final ArrivedRanges arrived = new ArrivedRanges();
    /** The error in a chunk before the last one; 0 for none. */
    int error;
    /** What a BLOCK_STATUS has found. */
    int statusFlags;

    long statusBytes;
    /** When a connection was lost that carried the request, for the first time; {@link #NEVER} if none was. */
    long lostAtNs = NEVER;

    ClientSlot(final int index) {
        this.index = index;
    }

    BlockRequest requireRequest() {
        final BlockRequest present = request;
        if (present == null) {
            throw new IllegalStateException("slot " + index + " is free");
        }
        return present;
    }

    /** True from when the command is handed to the sender until it has been answered. */
    boolean underway() {
        return stage != Stage.QUEUED;
    }

    /** Begins a command, or begins it anew. */
    void begin() {
        use++;
        stage = Stage.QUEUED;
        moved = 0;
        arrived.clear();
        error = 0;
        statusBytes = 0;
    }

    long cookie() {
        return (long) use << Integer.SIZE | index;
    }
}
