package io.drivebay.exports.nbd;

import io.drivebay.nbd.ByteStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Replies that wait for their socket, sent as many at a time as it takes. */
final class ReplyQueue {
    private final @Nullable RequestSlot[] waiting;
    private final ByteBuffer[] gather;
    private final int mask;
    private int head;
    private int count;

    /** A queue for so many slots. */
    ReplyQueue(final int slots) {
        final int capacity = slots == 1 ? 1 : Integer.highestOneBit(slots - 1) << 1;
        waiting = new RequestSlot[capacity];
        gather = new ByteBuffer[2 * capacity];
        mask = capacity - 1;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int size() {
        return count;
    }

    void add(final RequestSlot slot) {
        waiting[(head + count) & mask] = slot;
        count++;
    }

    /** Takes the oldest out, sent or not; null when empty. */
    @Nullable
    RequestSlot poll() {
        if (count == 0) {
            return null;
        }
        final RequestSlot slot = waiting[head];
        waiting[head] = null;
        head = (head + 1) & mask;
        count--;
        return slot;
    }

    /**
     * Gives the socket what there is, in one call; slots that have gone out as a whole are passed on.
     *
     * @return how many bytes went
     */
    long send(final ByteStream stream, final NbdConnection owner) throws IOException {
        int buffers = 0;
        for (int i = 0; i < count; i++) {
            final RequestSlot slot = at(i);
            if (slot.head.hasRemaining()) {
                gather[buffers++] = slot.head;
            }
            if (slot.tail().hasRemaining()) {
                gather[buffers++] = slot.tail();
            }
        }
        final long sent = stream.write(gather, 0, buffers);
        while (count > 0 && !at(0).head.hasRemaining() && !at(0).tail().hasRemaining()) {
            final RequestSlot gone = at(0);
            poll();
            owner.free(gone);
        }
        return sent;
    }

    private RequestSlot at(final int index) {
        final RequestSlot slot = waiting[(head + index) & mask];
        if (slot == null) {
            throw new IllegalStateException("reply " + index + " of " + count + " is missing");
        }
        return slot;
    }
}
