package io.drivebay.sim.workload;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Hands the numbers of completed slots from a context's thread to a job's, in order. Never full: a slot is in it at most
 * once.
 *
 * <p>Producer and consumer meet only in the entries: 0 is empty, anything else is a slot plus one.
 */
final class CompletionRing {
    /** What {@link #take} returns when there is nothing. */
    static final int NONE = -1;

    private static final VarHandle ENTRY = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int INTS_PER_CACHE_LINE = 16;

    private final int[] entries;
    private final int mask;
    private final boolean interrupts;
    private int head;
    private int tail;
    private volatile @Nullable Thread sleeper;

    /**
     * A ring.
     *
     * @param slots how many slots there are
     * @param interrupts whether the consumer ever sleeps in {@link #await}
     */
    CompletionRing(final int slots, final boolean interrupts) {
        final int capacity = Math.max(INTS_PER_CACHE_LINE, Integer.highestOneBit(slots * 2 - 1));
        this.entries = new int[capacity];
        this.mask = capacity - 1;
        this.interrupts = interrupts;
    }

    /** Puts a slot in. The producer. */
    void put(final int slot) {
        ENTRY.setRelease(entries, tail & mask, slot + 1);
        tail++;
        if (interrupts) {
            VarHandle.fullFence(); // the entry is out before the sleeper is looked for
            final Thread thread = sleeper;
            if (thread != null) {
                LockSupport.unpark(thread);
            }
        }
    }

    /** Takes the next slot; {@link #NONE} when there is none. The consumer. */
    int take() {
        final int entry = (int) ENTRY.getAcquire(entries, head & mask);
        if (entry == 0) {
            return NONE;
        }
        entries[head & mask] = 0;
        head++;
        return entry - 1;
    }

    /** Sleeps while the ring is empty; may return early. The consumer. */
    void await(final long timeoutNs) {
        sleeper = Thread.currentThread();
        if ((int) ENTRY.getVolatile(entries, head & mask) == 0 && timeoutNs > 0) {
            LockSupport.parkNanos(this, timeoutNs);
        }
        sleeper = null;
    }
}
