package io.drivebay.sim.pc;

import io.drivebay.backend.guest.InterruptLine;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The sixteen interrupt lines of a PC, as they arrive at its interrupt controllers. A line is high while any of its
 * sources is. Any thread.
 */
public final class InterruptLines {
    /** How many lines there are. */
    public static final int LINES = 16;

    /** Is told of level changes. */
    @FunctionalInterface
    public interface Watcher {
        /** A line has changed. Called in the device's thread, under its lock: must neither block nor call back. */
        void changed(int line, boolean level);
    }

    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final long[] asserted = new long[LINES];
    private final int[] sources = new int[LINES];
    private volatile int levels;

    /** One more source of a line, at most 64 each. */
    public synchronized InterruptLine source(final int line) {
        if (sources[line] == Long.SIZE) {
            throw new IllegalStateException("more than " + Long.SIZE + " sources on interrupt line " + line);
        }
        final long bit = 1L << sources[line]++;
        return level -> set(line, bit, level);
    }

    private synchronized void set(final int line, final long bit, final boolean level) {
        asserted[line] = level ? asserted[line] | bit : asserted[line] & ~bit;
        final boolean high = asserted[line] != 0;
        if (high != level(line)) {
            levels = high ? levels() | 1 << line : levels() & ~(1 << line);
            for (final Watcher watcher : watchers) {
                watcher.changed(line, high);
            }
        }
    }

    private int levels() {
        return levels;
    }

    /** Level of a line, 0 to 15. */
    public boolean level(final int line) {
        return (levels >> line & 1) != 0;
    }

    /** Adds somebody who is told of changes from now on. */
    public void watch(final Watcher watcher) {
        watchers.add(watcher);
    }

    public void unwatch(final Watcher watcher) {
        watchers.remove(watcher);
    }
}
