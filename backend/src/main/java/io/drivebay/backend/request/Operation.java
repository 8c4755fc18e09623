package io.drivebay.backend.request;

/** What a request asks for. */
public enum Operation {
    /** Fills the vector from the medium. */
    READ(false, true),
    /** Puts the vector's bytes on the medium. */
    WRITE(true, true),
    /** Makes every write that has completed durable. Has no range. */
    FLUSH(false, false),
    /** Tells that a range is no longer needed; what it reads afterwards is undefined. */
    DISCARD(true, false),
    /** Makes a range read as zeros. */
    WRITE_ZEROES(true, false),
    /** Asks how the first bytes of a range are stored. */
    BLOCK_STATUS(false, false);

    private static final Operation[] ALL = values();

    private final boolean modifies;
    private final boolean transfers;

    Operation(final boolean modifies, final boolean transfers) {
        this.modifies = modifies;
        this.transfers = transfers;
    }

    /** How many operations there are: one more than the largest ordinal. */
    public static int count() {
        return ALL.length;
    }

    /** The operation with an ordinal. */
    public static Operation of(final int ordinal) {
        return ALL[ordinal];
    }

    /** True when the operation needs write permission. */
    public boolean modifies() {
        return modifies;
    }

    /** True when the operation moves data between a vector and the medium. */
    public boolean transfers() {
        return transfers;
    }
}
