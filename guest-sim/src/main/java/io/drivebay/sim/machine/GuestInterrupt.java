package io.drivebay.sim.machine;

import io.drivebay.backend.guest.InterruptLine;
import java.util.concurrent.TimeUnit;

/**
 * The guest's end of a level-triggered interrupt line: counts how often it was raised, and lets threads sleep until
 * something happens on it. Any thread.
 *
 * <p>Several threads may wait for one line, such as those of a device's queues. So that none sleeps through an interrupt
 * that another one acknowledges, an acknowledgement wakes them all, too: see {@link #acknowledged}.
 */
public final class GuestInterrupt implements InterruptLine {
    private volatile boolean level;
    private volatile long raised;
    private volatile int events;

    @Override
    public void set(final boolean asserted) {
        if (level != asserted) {
            change(asserted);
        }
    }

    private synchronized void change(final boolean asserted) {
        if (level == asserted) {
            return;
        }
        level = asserted;
        if (asserted) {
            raised = raised() + 1;
            event();
        }
    }

    /** The line goes up and down again: what a message does. */
    public synchronized void pulse() {
        raised = raised() + 1;
        event();
    }

    private void event() {
        events = events() + 1;
        notifyAll();
    }

    /** True while the device wants attention. */
    public boolean asserted() {
        return level;
    }

    /** How often the line has gone from low to high. */
    public long raised() {
        return raised;
    }

    /** A number that changes when the line is raised or acknowledged. */
    public int events() {
        return events;
    }

    /** Somebody has acknowledged at the device what the line was raised for; all who wait look again. */
    public synchronized void acknowledged() {
        event();
    }

    /**
     * Sleeps until there was an event after a certain one.
     *
     * @param seen what {@link #events()} returned before the caller last looked for work
     * @param timeoutNs longest time to sleep
     * @return true when there was one
     */
    public synchronized boolean await(final int seen, final long timeoutNs) {
        if (events == seen && timeoutNs > 0) {
            try {
                TimeUnit.NANOSECONDS.timedWait(this, timeoutNs);
            } catch (final InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return events != seen;
    }
}
