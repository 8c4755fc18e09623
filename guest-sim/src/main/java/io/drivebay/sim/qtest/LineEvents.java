package io.drivebay.sim.qtest;

import java.util.Arrays;

/**
 * Level changes of interrupt lines that are still to be told, in order. Devices add from their threads and never wait;
 * the session takes. A device needs its guest to change a level again, so few are ever kept; past a limit all of them
 * are lost, and {@link #overrun} says so.
 */
final class LineEvents {
    /** Takes events. */
    @FunctionalInterface
    interface Sink {
        void event(int line, boolean level);
    }

    private static final int FIRST_CAPACITY = 64;
    private static final int MOST = 1024;

    private int[] events = new int[FIRST_CAPACITY];
    private int[] taken = new int[FIRST_CAPACITY];
    private int count;
    private volatile boolean any;
    private volatile boolean overrun;

    /** Any thread. */
    synchronized void add(final int line, final boolean level) {
        if (count == MOST) {
            overrun = true;
            return;
        }
        if (count == events.length) {
            events = Arrays.copyOf(events, 2 * count);
        }
        events[count++] = line << 1 | (level ? 1 : 0);
        any = true;
    }

    boolean any() {
        return any;
    }

    boolean overrun() {
        return overrun;
    }

    /** Gives all events there are to a sink. The session's thread. */
    void drainTo(final Sink sink) {
        if (!any) {
            return;
        }
        final int now = take();
        for (int i = 0; i < now; i++) {
            sink.event(taken[i] >> 1, (taken[i] & 1) != 0);
        }
    }

    private synchronized int take() {
        final int[] full = events;
        events = taken;
        taken = full;
        final int now = count;
        count = 0;
        any = false;
        return now;
    }
}
