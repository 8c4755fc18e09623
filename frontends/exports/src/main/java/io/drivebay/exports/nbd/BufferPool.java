package io.drivebay.exports.nbd;

import io.drivebay.nbd.Transmission;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** Buffers in sizes of powers of two that one context's connections share. One thread. Allocates nothing once warm. */
final class BufferPool {
    private static final int LEAST_SHIFT = 12;
    private static final int SIZES = 32 - Integer.numberOfLeadingZeros(Transmission.MAX_PAYLOAD) - LEAST_SHIFT;

    private final ArrayDeque<DataBuffer>[] free = newLists();
    private final long maxKeptBytes;
    private long keptBytes;

    /** A pool that holds at most so many bytes for later. */
    BufferPool(final long maxKeptBytes) {
        this.maxKeptBytes = maxKeptBytes;
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static ArrayDeque<DataBuffer>[] newLists() {
        final ArrayDeque<DataBuffer>[] lists = new ArrayDeque[SIZES];
        for (int i = 0; i < SIZES; i++) {
            lists[i] = new ArrayDeque<>();
        }
        return lists;
    }

    /** How large the buffer for so many bytes is. */
    static int sizeFor(final int bytes) {
        return 1 << (LEAST_SHIFT + index(bytes));
    }

    private static int index(final int bytes) {
        return Math.max(0, 32 - Integer.numberOfLeadingZeros(bytes - 1) - LEAST_SHIFT);
    }

    /** A buffer of at least so many bytes, with undefined content; null when there is no memory for it. */
    @Nullable
    DataBuffer take(final int bytes) {
        final DataBuffer kept = free[index(bytes)].pollLast();
        if (kept != null) {
            keptBytes -= kept.size();
            return kept;
        }
        try {
            return new DataBuffer(sizeFor(bytes));
        } catch (final OutOfMemoryError e) {
            return null; // direct memory has a limit of its own, and the client can be told
        }
    }

    /** Gives a buffer back. */
    void give(final DataBuffer buffer) {
        if (keptBytes + buffer.size() <= maxKeptBytes) {
            keptBytes += buffer.size();
            free[index(buffer.size())].addLast(buffer);
        }
    }
}
