package io.drivebay.monitor;

import java.time.Instant;
import java.time.InstantSource;

/** The time of day, for events' timestamps. */
public final class WallClock implements InstantSource {
    /** The one there is. */
    public static final WallClock INSTANCE = new WallClock();

    private WallClock() {}

    @Override
    public Instant instant() {
        return Instant.now();
    }
}
