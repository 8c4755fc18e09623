package io.drivebay.backend.context;

/** A clock that moves only when told to: the simulator's and the tests'. One thread moves it, any may read it. */
public final class VirtualClock implements Clock {
    private volatile long nowNs;

    @Override
    public long nanoTime() {
        return nowNs;
    }

    /** Moves the clock forward. */
    public void advance(final long deltaNs) {
        if (deltaNs < 0) {
            throw new IllegalArgumentException("time cannot go back: deltaNs=" + deltaNs);
        }
        advanceTo(nowNs + deltaNs);
    }

    /** Moves the clock to a time; one that has passed already changes nothing. */
    public void advanceTo(final long timeNs) {
        nowNs = Math.max(nowNs, timeNs);
    }
}
