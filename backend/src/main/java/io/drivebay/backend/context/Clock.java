package io.drivebay.backend.context;

/** Where time comes from. Nothing below a context reads any other clock. */
@FunctionalInterface
public interface Clock {
    /** Nanoseconds since an origin of the clock's own; never goes back. Any thread. */
    long nanoTime();
}
