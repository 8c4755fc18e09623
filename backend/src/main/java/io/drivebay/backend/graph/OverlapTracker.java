package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The ranges in flight at a node, so that a read-modify-write excludes everything that overlaps it.
 *
 * <p>Two overlapping requests conflict only if at least one is serialising. The later one waits for the earlier one
 * (also while that waits itself), so waiting follows the order of arrival and can have no cycle. A table with slots:
 * entering without a serialising request about costs a few stores. The context's thread only.
 */
final class OverlapTracker {
    private static final int INITIAL_SLOTS = 16;

    private @Nullable BlockRequest[] requests = new @Nullable BlockRequest[INITIAL_SLOTS];
    private long[] starts = new long[INITIAL_SLOTS];
    private long[] ends = new long[INITIAL_SLOTS];
    private long[] sequences = new long[INITIAL_SLOTS];
    private boolean[] serialising = new boolean[INITIAL_SLOTS];
    private boolean[] waiting = new boolean[INITIAL_SLOTS];
    private int[] freeSlots = new int[INITIAL_SLOTS];
    private int freeCount;
    private int serialisingCount;
    private int waitingCount;
    private boolean admitting;
    private long nextSequence;
    private final Consumer<BlockRequest> admitted;

    /** A tracker that tells of requests which had to wait and may go on now. */
    OverlapTracker(final Consumer<BlockRequest> admitted) {
        this.admitted = admitted;
        addFree(0, INITIAL_SLOTS);
    }

    private void addFree(final int from, final int to) {
        for (int slot = to - 1; slot >= from; slot--) {
            freeSlots[freeCount++] = slot;
        }
    }

    /** Enters a range [start, end); the slot is to be given to {@link #leave}. Ask {@link #mustWait} next. */
    int enter(final BlockRequest request, final long start, final long end, final boolean serialises) {
        if (freeCount == 0) {
            grow();
        }
        final int slot = freeSlots[--freeCount];
        requests[slot] = request;
        starts[slot] = start;
        ends[slot] = end;
        sequences[slot] = nextSequence++;
        serialising[slot] = serialises;
        if (serialises) {
            serialisingCount++;
        }
        waiting[slot] = serialisingCount > 0 && conflicts(slot);
        if (waiting[slot]) {
            waitingCount++;
        }
        return slot;
    }

    /** True when the request in a slot was not let in; it will be handed to the consumer. */
    boolean mustWait(final int slot) {
        return waiting[slot];
    }

    /** Ends a range and lets in whoever waited for it only. */
    void leave(final int slot) {
        if (serialising[slot]) {
            serialisingCount--;
        }
        requests[slot] = null;
        freeSlots[freeCount++] = slot;
        if (waitingCount > 0 && !admitting) {
            admitting = true;
            admitWaiting();
            admitting = false;
        }
    }

    /** One after the other: a request that completes while it is being admitted leaves its successors to this loop. */
    private void admitWaiting() {
        for (int slot = oldestAdmissible(); slot >= 0; slot = oldestAdmissible()) {
            waiting[slot] = false;
            waitingCount--;
            final BlockRequest request = requests[slot];
            if (request != null) {
                admitted.accept(request);
            }
        }
    }

    private int oldestAdmissible() {
        int oldest = -1;
        for (int slot = 0; slot < requests.length; slot++) {
            final boolean admissible = requests[slot] != null && waiting[slot] && !conflicts(slot);
            if (admissible && (oldest < 0 || sequences[slot] < sequences[oldest])) {
                oldest = slot;
            }
        }
        return oldest;
    }

    private boolean conflicts(final int slot) {
        for (int other = 0; other < requests.length; other++) {
            if (requests[other] != null
                    && sequences[other] < sequences[slot]
                    && (serialising[slot] || serialising[other])
                    && starts[other] < ends[slot]
                    && starts[slot] < ends[other]) {
                return true;
            }
        }
        return false;
    }

    private void grow() {
        final int old = requests.length;
        final int size = old * 2;
        requests = Arrays.copyOf(requests, size);
        starts = Arrays.copyOf(starts, size);
        ends = Arrays.copyOf(ends, size);
        sequences = Arrays.copyOf(sequences, size);
        serialising = Arrays.copyOf(serialising, size);
        waiting = Arrays.copyOf(waiting, size);
        freeSlots = Arrays.copyOf(freeSlots, size);
        addFree(old, size);
    }
}
