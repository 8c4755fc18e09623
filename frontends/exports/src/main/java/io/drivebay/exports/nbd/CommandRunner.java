package io.drivebay.exports.nbd;

import static io.drivebay.nbd.Transmission.CMD_BLOCK_STATUS;
import static io.drivebay.nbd.Transmission.CMD_CACHE;
import static io.drivebay.nbd.Transmission.CMD_FLAG_DF;
import static io.drivebay.nbd.Transmission.CMD_FLAG_FAST_ZERO;
import static io.drivebay.nbd.Transmission.CMD_FLAG_FUA;
import static io.drivebay.nbd.Transmission.CMD_FLAG_NO_HOLE;
import static io.drivebay.nbd.Transmission.CMD_FLAG_PAYLOAD_LEN;
import static io.drivebay.nbd.Transmission.CMD_FLAG_REQ_ONE;
import static io.drivebay.nbd.Transmission.CMD_FLUSH;
import static io.drivebay.nbd.Transmission.CMD_READ;
import static io.drivebay.nbd.Transmission.CMD_TRIM;
import static io.drivebay.nbd.Transmission.CMD_WRITE;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.nbd.Transmission;
import java.nio.ByteBuffer;

/** Turns a command that may be carried out into block requests, one after another where it takes several. */
final class CommandRunner {
    /** CACHE reads so much at a time. */
    private static final int CACHE_STEP = 1 << 20;
    /** A READ of so many bytes first asks whether there is anything but a hole: the answer costs less than the data. */
    private static final int WORTH_ASKING = 64 << 10;

    private final Session session;
    private final int statusBytes;

    CommandRunner(final Session session, final int statusBytes) {
        this.session = session;
        this.statusBytes = statusBytes;
    }

    /** How many bytes of buffer a command needs; 0 for none. */
    int bufferBytes(final RequestHeader header) {
        return switch (header.command) {
            case CMD_READ, CMD_WRITE -> (int) header.length;
            case CMD_CACHE -> (int) Math.min(CACHE_STEP, header.length);
            case CMD_BLOCK_STATUS -> statusBytes;
            default -> 0;
        };
    }

    /**
     * Looks at the payload of a BLOCK_STATUS: the length of the range, and the contexts that are asked for.
     *
     * @return 0, or the NBD error that refuses it
     */
    int readStatusPayload(final RequestSlot slot, final long lengthBytes) {
        final ByteBuffer payload = slot.requireData().bytes;
        if (payload.remaining() < Long.BYTES + Integer.BYTES || payload.remaining() % Integer.BYTES != 0) {
            return Transmission.EINVAL;
        }
        final long length = payload.getLong();
        int contexts = 0;
        while (payload.hasRemaining()) {
            final int id = payload.getInt();
            final boolean known = Integer.bitCount(id) == 1 && (id & session.contexts()) != 0 && (id & contexts) == 0;
            if (!known) {
                return Transmission.EINVAL;
            }
            contexts |= id;
        }
        if (length == 0 || RequestRules.outside(slot.header.offset, length, lengthBytes)) {
            return Transmission.EINVAL;
        }
        slot.header.length = length;
        slot.contexts = contexts;
        return 0;
    }

    /** Prepares the first block request; false when there is nothing to do. */
    boolean begin(final RequestSlot slot) {
        final RequestHeader header = slot.header;
        final BlockRequest request = slot.request;
        request.vector().clear();
        if (header.length == 0 && header.command != CMD_FLUSH) {
            return false;
        }
        switch (header.command) {
            case CMD_READ -> {
                if (mayAnswerHole(header)) {
                    request.set(Operation.BLOCK_STATUS, header.offset, header.length, 0);
                } else {
                    transfer(slot, Operation.READ, 0);
                }
            }
            case CMD_WRITE -> transfer(slot, Operation.WRITE, fua(header));
            case CMD_FLUSH -> request.set(Operation.FLUSH, 0, 0, 0);
            case CMD_TRIM -> request.set(Operation.DISCARD, header.offset, header.length, 0);
            case CMD_CACHE -> cache(slot);
            case CMD_BLOCK_STATUS -> {
                if (!header.has(CMD_FLAG_PAYLOAD_LEN)) {
                    slot.contexts = session.contexts();
                }
                slot.extents().clear();
                request.set(Operation.BLOCK_STATUS, header.offset, header.length, 0);
            }
            default -> request.set(Operation.WRITE_ZEROES, header.offset, header.length, zeroFlags(header));
        }
        return true;
    }

    private boolean mayAnswerHole(final RequestHeader header) {
        return session.structured() && !header.has(CMD_FLAG_DF) && header.length >= WORTH_ASKING;
    }

    private static void transfer(final RequestSlot slot, final Operation operation, final int flags) {
        final int length = (int) slot.header.length;
        slot.request.vector().add(slot.requireData().region, 0, length);
        slot.request.set(operation, slot.header.offset, length, flags);
    }

    private static int fua(final RequestHeader header) {
        return header.has(CMD_FLAG_FUA) ? RequestFlags.FUA : 0;
    }

    private static int zeroFlags(final RequestHeader header) {
        return fua(header)
                | (header.has(CMD_FLAG_NO_HOLE) ? 0 : RequestFlags.MAY_UNMAP)
                | (header.has(CMD_FLAG_FAST_ZERO) ? RequestFlags.NO_FALLBACK : 0);
    }

    private static void cache(final RequestSlot slot) {
        final int step = (int) Math.min(CACHE_STEP, slot.header.length - slot.done);
        slot.request.vector().clear().add(slot.requireData().region, 0, step);
        slot.request.set(Operation.READ, slot.header.offset + slot.done, step, 0);
    }

    /** Prepares the next block request after one that has succeeded; false when the command is done. */
    boolean next(final RequestSlot slot) {
        return switch (slot.header.command) {
            case CMD_READ -> nextRead(slot);
            case CMD_CACHE -> nextCache(slot);
            case CMD_TRIM -> nextTrim(slot);
            case CMD_BLOCK_STATUS -> nextStatus(slot);
            default -> false;
        };
    }

    private static boolean nextRead(final RequestSlot slot) {
        if (slot.request.operation() == Operation.READ) {
            return false;
        }
        final boolean zero = (slot.request.statusFlags() & BlockStatusFlags.ZERO) != 0;
        slot.hole = zero && slot.request.statusBytes() >= slot.header.length;
        if (!slot.hole) {
            transfer(slot, Operation.READ, 0);
        }
        return !slot.hole;
    }

    private static boolean nextCache(final RequestSlot slot) {
        slot.done += slot.request.length();
        if (slot.done >= slot.header.length) {
            return false;
        }
        cache(slot);
        return true;
    }

    /** A discard knows no FUA, so a flush follows it. */
    private static boolean nextTrim(final RequestSlot slot) {
        if (!slot.header.has(CMD_FLAG_FUA) || slot.request.operation() == Operation.FLUSH) {
            return false;
        }
        slot.request.set(Operation.FLUSH, 0, 0, 0);
        return true;
    }

    private static boolean nextStatus(final RequestSlot slot) {
        final ExtentList extents = slot.extents();
        final long left = slot.header.length - extents.bytes();
        final long bytes = Math.min(left, Math.max(1, slot.request.statusBytes()));
        extents.add(slot.request.statusFlags(), bytes);
        if (bytes == left || extents.full() || slot.header.has(CMD_FLAG_REQ_ONE)) {
            return false;
        }
        slot.request.set(Operation.BLOCK_STATUS, slot.header.offset + extents.bytes(), left - bytes, 0);
        return true;
    }
}
