package io.drivebay.driver.protocol.nbd;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.nbd.ByteStream;
import io.drivebay.nbd.Transmission;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Reads replies and puts their data where it belongs. Whatever a server should not say ends the connection. */
final class ReplyReader {
    /** What the replies are for. */
    interface Slots {
        /** The slot that a cookie names; null when none is in flight under it. */
        @Nullable
        ClientSlot slot(long cookie);

        /** A command has been answered. */
        void answered(ClientSlot slot);
    }

    private static final int BYTES = 256 << 10;
    private static final int MAX_SMALL_PAYLOAD = 64 << 10;
    private static final int ERROR_BYTES = 6;
    private static final int REPLIES_PER_TURN = 256;

    private final Slots slots;
    private final MemoryRegion region = RegionPool.aligned(BYTES);
    private final ByteBuffer bytes = region.buffer().duplicate().limit(0);
    private @Nullable ClientSlot filling;
    private long fillAt;
    private long fillLeft;
    private boolean doneAfterFill;
    private boolean socketDry;

    ReplyReader(final Slots slots) {
        this.slots = slots;
    }

    /** Forgets what has come half; for a new connection. */
    void reset() {
        bytes.limit(0);
        filling = null;
    }

    /** Reads what there is; how many steps that took. */
    int receive(final NbdLink link) throws IOException {
        socketDry = false;
        int done = 0;
        while (done < REPLIES_PER_TURN && step(link)) {
            done++;
        }
        return done;
    }

    private boolean step(final NbdLink link) throws IOException {
        final ClientSlot slot = filling;
        if (slot != null) {
            return fill(slot, link.stream());
        }
        if (bytes.remaining() < Integer.BYTES) {
            return more(link.stream());
        }
        return switch (bytes.getInt(bytes.position())) {
            case Transmission.SIMPLE_REPLY_MAGIC -> simple(link);
            case Transmission.STRUCTURED_REPLY_MAGIC -> chunk(link, NbdLink.Mode.STRUCTURED);
            case Transmission.EXTENDED_REPLY_MAGIC -> chunk(link, NbdLink.Mode.EXTENDED);
            default ->
                throw new IOException("the server sent a reply with magic number 0x"
                        + Integer.toHexString(bytes.getInt(bytes.position())));
        };
    }

    private boolean more(final ByteStream stream) throws IOException {
        if (socketDry) {
            return false;
        }
        bytes.compact();
        final int got;
        try {
            got = stream.read(bytes);
        } finally {
            bytes.flip();
        }
        if (got < 0) {
            throw new EOFException("the server hung up");
        }
        socketDry = bytes.limit() < bytes.capacity();
        return got > 0;
    }

    private boolean fill(final ClientSlot slot, final ByteStream stream) throws IOException {
        final int part = (int) Math.min(fillLeft, bytes.remaining());
        slot.requireRequest().vector().copyFrom(fillAt, region, bytes.position(), part);
        bytes.position(bytes.position() + part);
        fillAt += part;
        fillLeft -= part;
        if (fillLeft > 0) {
            return more(stream);
        }
        filling = null;
        if (doneAfterFill) {
            slots.answered(slot);
        }
        return true;
    }

    private void beginFill(final ClientSlot slot, final long at, final long length, final boolean last) {
        slot.moved += length;
        filling = slot;
        fillAt = at;
        fillLeft = length;
        doneAfterFill = last;
    }

    private ClientSlot require(final long cookie) throws IOException {
        final ClientSlot slot = slots.slot(cookie);
        if (slot == null) {
            throw new IOException("the server answered what was not asked, cookie " + Long.toHexString(cookie));
        }
        return slot;
    }

    private boolean simple(final NbdLink link) throws IOException {
        if (bytes.remaining() < Transmission.SIMPLE_REPLY_BYTES) {
            return more(link.stream());
        }
        final int error = bytes.getInt(bytes.position() + 4);
        final ClientSlot slot = require(bytes.getLong(bytes.position() + 8));
        bytes.position(bytes.position() + Transmission.SIMPLE_REPLY_BYTES);
        slot.error = error;
        if (error == 0 && slot.requireRequest().operation() == Operation.READ) {
            if (link.mode() != NbdLink.Mode.SIMPLE) {
                throw new IOException("the server answered a structured read with a simple reply");
            }
            beginFill(slot, 0, slot.length, true);
        } else {
            slots.answered(slot);
        }
        return true;
    }

    // ---- chunks ----

    private boolean chunk(final NbdLink link, final NbdLink.Mode mode) throws IOException {
        if (link.mode() != mode) {
            throw new IOException("the server sent a " + mode + " reply though " + link.mode() + " was agreed on");
        }
        final boolean wide = mode == NbdLink.Mode.EXTENDED;
        final int headBytes = wide ? Transmission.EXTENDED_REPLY_BYTES : Transmission.STRUCTURED_REPLY_BYTES;
        if (bytes.remaining() < headBytes) {
            return more(link.stream());
        }
        final int at = bytes.position();
        final boolean last = (bytes.getShort(at + 4) & Transmission.REPLY_FLAG_DONE) != 0;
        final int type = Short.toUnsignedInt(bytes.getShort(at + 6));
        final long length = wide ? bytes.getLong(at + 24) : Integer.toUnsignedLong(bytes.getInt(at + 16));
        final boolean data = type == Transmission.REPLY_OFFSET_DATA;
        if (length < 0 || (!data && length > MAX_SMALL_PAYLOAD)) {
            throw new IOException(
                    "the server sent a chunk of type " + type + " with " + Long.toUnsignedString(length) + " bytes");
        }
        final long needed = headBytes + (data ? Long.BYTES : length);
        if (bytes.remaining() < needed) {
            return more(link.stream());
        }
        final ClientSlot slot = require(bytes.getLong(at + 8));
        bytes.position(at + headBytes);
        if (data) {
            data(slot, length, last);
            return true;
        }
        final int end = at + headBytes + (int) length;
        content(slot, link, type, (int) length);
        bytes.position(end);
        if (last) {
            slots.answered(slot);
        }
        return true;
    }

    private void data(final ClientSlot slot, final long length, final boolean last) throws IOException {
        if (length <= Long.BYTES) {
            throw new IOException("the server sent a data chunk without data");
        }
        final long count = length - Long.BYTES;
        beginFill(slot, entered(slot, bytes.getLong(), count), count, last);
    }

    /** Where in the request a chunk of a read belongs, none of which has come before. */
    private static long entered(final ClientSlot slot, final long offset, final long length) throws IOException {
        final long at = offset - slot.requireRequest().offset();
        if (slot.requireRequest().operation() != Operation.READ || at < 0 || length < 1 || length > slot.length - at) {
            throw new IOException("the server sent " + length + " bytes of offset " + offset + " that were not asked");
        }
        slot.arrived.add(at, at + length);
        return at;
    }

    private void content(final ClientSlot slot, final NbdLink link, final int type, final int length)
            throws IOException {
        switch (type) {
            case Transmission.REPLY_NONE -> need(length == 0, type, length);
            case Transmission.REPLY_OFFSET_HOLE -> {
                need(length == Long.BYTES + Integer.BYTES, type, length);
                final long offset = bytes.getLong();
                final long hole = Integer.toUnsignedLong(bytes.getInt());
                final long at = entered(slot, offset, hole);
                slot.requireRequest().vector().fill(at, hole, (byte) 0);
                slot.moved += hole;
            }
            case Transmission.REPLY_BLOCK_STATUS -> {
                need(length >= 12 && (length - 4) % 8 == 0, type, length);
                if (isAllocation(bytes.getInt(), link)) {
                    status(slot, Integer.toUnsignedLong(bytes.getInt()), bytes.getInt());
                }
            }
            case Transmission.REPLY_BLOCK_STATUS_EXT -> {
                need(length >= 24 && (length - 8) % 16 == 0, type, length);
                if (isAllocation(bytes.getInt(), link)) {
                    bytes.getInt();
                    status(slot, bytes.getLong(), (int) bytes.getLong());
                }
            }
            default -> error(slot, type, length);
        }
    }

    private static boolean isAllocation(final int id, final NbdLink link) {
        return (id & Integer.MAX_VALUE) == link.allocationId();
    }

    private static void need(final boolean condition, final int type, final int length) throws IOException {
        if (!condition) {
            throw new IOException("the server sent a chunk of type " + type + " with " + length + " bytes");
        }
    }

    private static void status(final ClientSlot slot, final long length, final int state) throws IOException {
        if (slot.requireRequest().operation() != Operation.BLOCK_STATUS || length <= 0) {
            throw new IOException("the server sent an extent of " + length + " bytes");
        }
        if (slot.statusBytes != 0) {
            throw new IOException("the server sent the extents of a range twice");
        }
        slot.statusBytes = Math.min(length, slot.length);
        slot.statusFlags = BlockStatusFlags.ALLOCATED
                | ((state & Transmission.STATE_HOLE) == 0 ? BlockStatusFlags.DATA : 0)
                | ((state & Transmission.STATE_ZERO) == 0 ? 0 : BlockStatusFlags.ZERO);
    }

    private void error(final ClientSlot slot, final int type, final int length) throws IOException {
        need((type & Transmission.REPLY_ERROR_BIT) != 0 && length >= ERROR_BYTES, type, length);
        final int error = bytes.getInt();
        slot.error = error == 0 ? Transmission.EINVAL : error;
    }
}
