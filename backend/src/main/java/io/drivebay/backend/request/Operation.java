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
    BLOCK_STATUS(false, false),
    /** Makes a range impossible to recover; what it reads afterwards is undefined. Only where a driver supports it. */
    SECURE_ERASE(true, false),

    /* Of zoned media: where a driver supports them. Those with a zone act on the one that begins with the range. */

    /** Fills the request's {@link ZoneReport} with zones, from the one that holds the first byte on. */
    ZONE_REPORT(false, false),
    /** Puts the vector's bytes at the zone's write pointer, and says where that was. */
    ZONE_APPEND(true, true),
    /** Opens the zone explicitly. */
    ZONE_OPEN(true, false),
    /** Closes the zone. */
    ZONE_CLOSE(true, false),
    /** Makes the zone full. */
    ZONE_FINISH(true, false),
    /** Makes the zone empty. */
    ZONE_RESET(true, false),
    /** Makes all zones empty that can be. */
    ZONE_RESET_ALL(true, false);

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

    /** True for what every medium carries out, if need be with the help of its node. */
    public boolean universal() {
        return compareTo(SECURE_ERASE) < 0;
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
