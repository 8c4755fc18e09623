package io.drivebay.backend.request;

/** The errnos, as Linux numbers them, that say which rule of zones a request with {@link Status#INVALID} has broken. */
public final class ZoneErrors {
    /** The request cannot be carried out in the state that the zone is in, or crosses into another zone: EINVAL. */
    public static final int INVALID = 22;
    /** A write that does not begin at the write pointer, or ends off the granularity: ESPIPE. */
    public static final int UNALIGNED = 29;
    /** No further zone can be active: EOVERFLOW. */
    public static final int ACTIVE_ZONES = 75;
    /** No further zone can be open: ETOOMANYREFS. */
    public static final int OPEN_ZONES = 109;

    private ZoneErrors() {}
}
