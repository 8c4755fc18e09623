package io.drivebay.posix;

/** What {@code fallocate} does to a range of a file. */
public enum FallocateMode {
    /** Reserves space; the file grows when the range ends beyond it. */
    ALLOCATE(0),
    /** Reserves space, also beyond the end; the file keeps its size. */
    ALLOCATE_KEEP_SIZE(0x01),
    /** Gives the space back; the range reads as zeroes and the file keeps its size. */
    PUNCH_HOLE(0x01 | 0x02),
    /** Makes the range read as zeroes and keeps it reserved; the file grows when the range ends beyond it. */
    ZERO_RANGE(0x10),
    /** Makes the range read as zeroes and keeps it reserved; the file keeps its size. */
    ZERO_RANGE_KEEP_SIZE(0x01 | 0x10);

    private final int bits;

    FallocateMode(final int bits) {
        this.bits = bits;
    }

    /** The mode argument of fallocate(2). */
    int bits() {
        return bits;
    }
}
