package io.drivebay.virtio.blk;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.Virtqueue;
import org.jspecify.annotations.Nullable;

/**
 * Fetches the headers of the next few requests all at once. The driver has just written them, so each has to come from
 * another processor's cache; fetched one by one, as they are parsed, that is half the time of a small request.
 *
 * <p>Where a head's header lies is not looked up but guessed: where that of the request was which had the head before. A
 * wrong guess costs a read, nothing else. Whoever takes from the queue.
 */
final class LookAhead {
    private static final int REQUESTS = 8;

    private final @Nullable Slot[] slots;

    /* Written so that the compiler cannot leave the reads out. */
    @SuppressWarnings("unused")
    private int last;

    LookAhead(final @Nullable Slot[] slots) {
        this.slots = slots;
    }

    /**
     * Fetches the next chain and those behind it that are known of.
     *
     * @return after how many chains to call again, at least 1
     */
    int fetch(final Virtqueue queue) {
        int ahead = 0;
        int bytes = 0;
        while (ahead < REQUESTS) {
            final int head = queue.upcoming(ahead);
            if (head == Virtqueue.EMPTY) {
                break;
            }
            final Slot slot = slots[head];
            final MemoryRegion region = slot == null ? null : slot.headerRegion;
            if (region != null) {
                bytes += region.getByte(slot.headerOffset);
            }
            ahead++;
        }
        last = bytes;
        return Math.max(ahead, 1);
    }

    /** The guest's memory is another: where anything lay in the one before must not be read any more. */
    void forget() {
        for (final Slot slot : slots) {
            if (slot != null) {
                slot.headerRegion = null;
            }
        }
    }
}
