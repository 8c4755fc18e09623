package io.drivebay.backend.context;

/** A one-shot timer of a context, armed again as often as needed. All methods: the context's thread. */
public final class Timer {
    private final TimerQueue queue;
    private final Runnable action;
    long deadlineNs;
    long sequence;
    int position = TimerQueue.NOT_QUEUED;

    Timer(final TimerQueue queue, final Runnable action) {
        this.queue = queue;
        this.action = action;
    }

    /** Runs the action once the context's clock has reached the deadline; replaces an earlier deadline. */
    public void arm(final long newDeadlineNs) {
        queue.remove(this);
        deadlineNs = newDeadlineNs;
        queue.add(this);
    }

    /** Forgets the deadline, if one is set. */
    public void cancel() {
        queue.remove(this);
    }

    /** True while a deadline is set. */
    public boolean armed() {
        return position != TimerQueue.NOT_QUEUED;
    }

    boolean before(final Timer other) {
        return deadlineNs == other.deadlineNs ? sequence < other.sequence : deadlineNs < other.deadlineNs;
    }

    void fire() {
        action.run();
    }
}
