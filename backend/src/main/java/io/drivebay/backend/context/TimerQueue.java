package io.drivebay.backend.context;

import java.util.ArrayList;

/** The armed timers of a context: a binary heap, earliest deadline first; equal ones in the order of arming. */
final class TimerQueue {
    static final int NOT_QUEUED = -1;

    private final ArrayList<Timer> heap = new ArrayList<>();
    private long nextSequence;

    /** The earliest deadline; {@link Long#MAX_VALUE} when none is armed. */
    long nextDeadlineNs() {
        return heap.isEmpty() ? Long.MAX_VALUE : heap.get(0).deadlineNs;
    }

    /** Fires what is due; at most as many as were armed when it began, so that one that re-arms itself ends too. */
    int fireDue(final long nowNs) {
        int fired = 0;
        for (int budget = heap.size(); budget > 0 && nextDeadlineNs() <= nowNs; budget--) {
            final Timer due = heap.get(0);
            remove(due);
            due.fire();
            fired++;
        }
        return fired;
    }

    void add(final Timer timer) {
        timer.sequence = nextSequence++;
        heap.add(timer);
        timer.position = heap.size() - 1;
        siftUp(timer.position);
    }

    void remove(final Timer timer) {
        final int hole = timer.position;
        if (hole == NOT_QUEUED) {
            return;
        }
        timer.position = NOT_QUEUED;
        final Timer last = heap.remove(heap.size() - 1);
        if (last != timer) {
            place(last, hole);
            siftUp(hole);
            siftDown(last.position);
        }
    }

    private void siftUp(final int from) {
        int at = from;
        while (at > 0 && heap.get(at).before(heap.get((at - 1) / 2))) {
            swap(at, (at - 1) / 2);
            at = (at - 1) / 2;
        }
    }

    private void siftDown(final int from) {
        int at = from;
        while (true) {
            final int left = 2 * at + 1;
            int least = at;
            for (int child = left; child <= left + 1 && child < heap.size(); child++) {
                if (heap.get(child).before(heap.get(least))) {
                    least = child;
                }
            }
            if (least == at) {
                return;
            }
            swap(at, least);
            at = least;
        }
    }

    private void swap(final int a, final int b) {
        final Timer first = heap.get(a);
        place(heap.get(b), a);
        place(first, b);
    }

    private void place(final Timer timer, final int at) {
        heap.set(at, timer);
        timer.position = at;
    }
}
