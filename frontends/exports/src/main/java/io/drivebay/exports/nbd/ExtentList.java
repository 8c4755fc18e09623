package io.drivebay.exports.nbd;

import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.nbd.Transmission;
import java.nio.ByteBuffer;

/** What the backend said of the pieces of a range, and how that looks in a metadata context. Reused. */
final class ExtentList {
    /** How many pieces an answer has at most; the client asks again for the rest. */
    static final int MAX_EXTENTS = 1024;

    private static final int DEPTH_LOCAL = 1;
    private static final int DEPTH_BELOW = 2;

    private final long[] lengths = new long[MAX_EXTENTS];
    private final int[] flags = new int[MAX_EXTENTS];
    private int count;
    private long bytes;

    void clear() {
        count = 0;
        bytes = 0;
    }

    /** Appends a piece; pieces alike become one. */
    void add(final int statusFlags, final long length) {
        final int kept = statusFlags & (BlockStatusFlags.DATA | BlockStatusFlags.ZERO | BlockStatusFlags.ALLOCATED);
        if (count > 0 && flags[count - 1] == kept) {
            lengths[count - 1] += length;
        } else {
            lengths[count] = length;
            flags[count] = kept;
            count++;
        }
        bytes += length;
    }

    boolean full() {
        return count == MAX_EXTENTS;
    }

    /** How much of the range is known. */
    long bytes() {
        return bytes;
    }

    /** The most bytes that {@link #put} writes. */
    static int maxBytes(final boolean wide) {
        return MAX_EXTENTS * extentBytes(wide);
    }

    private static int extentBytes(final boolean wide) {
        return wide ? 2 * Long.BYTES : 2 * Integer.BYTES;
    }

    /**
     * Writes the extents of a context: length and flags each.
     *
     * @param wide 64-bit numbers instead of 32-bit ones
     * @return how many extents
     */
    int put(final ByteBuffer target, final int context, final boolean wide) {
        int written = 0;
        int at = 0;
        while (at < count) {
            final int state = state(flags[at], context);
            long length = 0;
            do {
                length += lengths[at++];
            } while (at < count && state(flags[at], context) == state);
            if (wide) {
                target.putLong(length).putLong(state);
            } else {
                target.putInt((int) length).putInt(state);
            }
            written++;
        }
        return written;
    }

    private static int state(final int flags, final int context) {
        final boolean data = (flags & BlockStatusFlags.DATA) != 0;
        final boolean zero = (flags & BlockStatusFlags.ZERO) != 0;
        if (context == Session.CONTEXT_ALLOCATION) {
            return (data ? 0 : Transmission.STATE_HOLE) | (zero ? Transmission.STATE_ZERO : 0);
        }
        if ((flags & BlockStatusFlags.ALLOCATED) != 0) {
            return DEPTH_LOCAL;
        }
        return data ? DEPTH_BELOW : 0;
    }
}
