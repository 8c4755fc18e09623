package io.drivebay.sim.machine;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;

/** What a guest program does while it waits: leaves the processor to a device's thread, or runs the device's steps. */
@FunctionalInterface
public interface Pause {
    /** Waits a little. False when nothing can happen any more: the caller gives up. */
    boolean pause();

    /** A wait begins. */
    default void begin() {}

    /** For devices that have threads of their own: spins, and gives up when a wait takes longer than a time. */
    static Pause spinning(final Clock clock, final long timeoutNs) {
        return new Pause() {
            private long sinceNs = clock.nanoTime();

            @Override
            public void begin() {
                sinceNs = clock.nanoTime();
            }

            @Override
            public boolean pause() {
                Thread.onSpinWait();
                return clock.nanoTime() - sinceNs < timeoutNs;
            }
        };
    }

    /** For a device in a stepped context on virtual time: runs a turn, and moves the clock to the next timer. */
    static Pause stepping(final IoContext context, final VirtualClock clock) {
        return () -> {
            if (context.runOnce() > 0) {
                return true;
            }
            if (context.nextDeadlineNs() == Long.MAX_VALUE) {
                return false;
            }
            clock.advanceTo(context.nextDeadlineNs());
            return true;
        };
    }
}
