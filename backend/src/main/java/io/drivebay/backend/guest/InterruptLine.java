package io.drivebay.backend.guest;

/** A level-triggered interrupt line from a device. Any thread; calls that repeat the present level do nothing. */
@FunctionalInterface
public interface InterruptLine {
    /** Sets the level: true while the device wants attention. */
    void set(boolean asserted);
}
