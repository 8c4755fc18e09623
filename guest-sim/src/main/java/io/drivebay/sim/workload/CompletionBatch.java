package io.drivebay.sim.workload;

import io.drivebay.backend.request.Status;

/** Completions that a target hands over together. Reused; one thread only. */
public final class CompletionBatch {
    private final int[] slots;
    private final Status[] statuses;
    private int count;

    /** Room for the completions of a number of slots. */
    public CompletionBatch(final int capacity) {
        slots = new int[capacity];
        statuses = new Status[capacity];
    }

    public void clear() {
        count = 0;
    }

    /** Adds a completion. */
    public void add(final int slot, final Status status) {
        slots[count] = slot;
        statuses[count] = status;
        count++;
    }

    public int count() {
        return count;
    }

    public int slot(final int index) {
        return slots[index];
    }

    public Status status(final int index) {
        return statuses[index];
    }
}
