package io.drivebay.exports.nbd;

import static io.drivebay.nbd.Transmission.CMD_READ;
import static io.drivebay.nbd.Transmission.EXTENDED_REPLY_MAGIC;
import static io.drivebay.nbd.Transmission.REPLY_BLOCK_STATUS;
import static io.drivebay.nbd.Transmission.REPLY_BLOCK_STATUS_EXT;
import static io.drivebay.nbd.Transmission.REPLY_ERROR;
import static io.drivebay.nbd.Transmission.REPLY_FLAG_DONE;
import static io.drivebay.nbd.Transmission.REPLY_NONE;
import static io.drivebay.nbd.Transmission.REPLY_OFFSET_DATA;
import static io.drivebay.nbd.Transmission.REPLY_OFFSET_HOLE;
import static io.drivebay.nbd.Transmission.SIMPLE_REPLY_MAGIC;
import static io.drivebay.nbd.Transmission.STRUCTURED_REPLY_MAGIC;

import io.drivebay.nbd.Transmission;
import java.nio.ByteBuffer;

/** Writes replies as a client has agreed to have them, into the slots of their requests. */
final class ReplyEncoder {
    private static final int ERROR_BYTES = 6;

    private final Session session;

    ReplyEncoder(final Session session) {
        this.session = session;
    }

    /** A reply to anything but BLOCK_STATUS; a READ that succeeded sends its buffer along. */
    void encode(final RequestSlot slot, final int error) {
        final ByteBuffer head = slot.head.clear();
        final boolean reads = error == 0 && slot.header.command == CMD_READ && slot.header.length > 0;
        final boolean withData = reads && !slot.hole;
        slot.sendsData = withData;
        if (withData) {
            slot.requireData().bytes.clear().limit((int) slot.header.length);
        }
        if (!session.structured()) {
            head.putInt(SIMPLE_REPLY_MAGIC).putInt(error).putLong(slot.header.cookie);
        } else if (error != 0) {
            chunk(head, slot, REPLY_ERROR, REPLY_FLAG_DONE, ERROR_BYTES);
            head.putInt(error).putShort((short) 0);
        } else if (reads && slot.hole) {
            chunk(head, slot, REPLY_OFFSET_HOLE, REPLY_FLAG_DONE, Long.BYTES + Integer.BYTES);
            head.putLong(slot.header.offset).putInt((int) slot.header.length);
        } else if (withData) {
            chunk(head, slot, REPLY_OFFSET_DATA, REPLY_FLAG_DONE, Long.BYTES + slot.header.length);
            head.putLong(slot.header.offset);
        } else {
            chunk(head, slot, REPLY_NONE, REPLY_FLAG_DONE, 0);
        }
        head.flip();
    }

    /** How much memory the reply to a BLOCK_STATUS takes at most. */
    int maxStatusBytes() {
        return 2 * (Transmission.EXTENDED_REPLY_BYTES + Long.BYTES + ExtentList.maxBytes(session.extended()));
    }

    /** The reply to a BLOCK_STATUS that succeeded: a chunk for each context, all of it in the slot's buffer. */
    void encodeStatus(final RequestSlot slot) {
        final ByteBuffer target = slot.requireData().bytes.clear();
        slot.head.clear().limit(0);
        slot.sendsData = true;
        final int both = Session.CONTEXT_ALLOCATION | Session.CONTEXT_DEPTH;
        if ((slot.contexts & Session.CONTEXT_ALLOCATION) != 0) {
            status(target, slot, Session.CONTEXT_ALLOCATION, slot.contexts == both ? 0 : REPLY_FLAG_DONE);
        }
        if ((slot.contexts & Session.CONTEXT_DEPTH) != 0) {
            status(target, slot, Session.CONTEXT_DEPTH, REPLY_FLAG_DONE);
        }
        target.flip();
    }

    private void status(final ByteBuffer target, final RequestSlot slot, final int context, final int flags) {
        final boolean wide = session.extended();
        final int began = target.position();
        final int headBytes = wide ? Transmission.EXTENDED_REPLY_BYTES : Transmission.STRUCTURED_REPLY_BYTES;
        target.position(began + headBytes);
        target.putInt(context);
        if (wide) {
            target.putInt(0);
        }
        final int extents = slot.extents().put(target, context, wide);
        final int ended = target.position();
        if (wide) {
            target.putInt(began + headBytes + Integer.BYTES, extents);
        }
        target.position(began);
        final int type = wide ? REPLY_BLOCK_STATUS_EXT : REPLY_BLOCK_STATUS;
        chunk(target, slot, type, flags, ended - began - headBytes);
        target.position(ended);
    }

    private void chunk(
            final ByteBuffer target, final RequestSlot slot, final int type, final int flags, final long length) {
        target.putInt(session.extended() ? EXTENDED_REPLY_MAGIC : STRUCTURED_REPLY_MAGIC)
                .putShort((short) flags)
                .putShort((short) type)
                .putLong(slot.header.cookie);
        if (session.extended()) {
            target.putLong(slot.header.offset).putLong(length);
        } else {
            target.putInt((int) length);
        }
    }
}
