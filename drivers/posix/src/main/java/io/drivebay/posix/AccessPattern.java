package io.drivebay.posix;

/** What a program tells the page cache about a range of a file. */
public enum AccessPattern {
    NORMAL(0),
    RANDOM(1),
    SEQUENTIAL(2),
    WILL_NEED(3),
    /** Drops clean pages of the range. */
    DONT_NEED(4);

    private final int advice;

    AccessPattern(final int advice) {
        this.advice = advice;
    }

    int advice() {
        return advice;
    }
}
