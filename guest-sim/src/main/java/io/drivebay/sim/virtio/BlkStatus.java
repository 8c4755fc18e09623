package io.drivebay.sim.virtio;

/** The status byte of a block request (virtio 1.3, section 5.2.6). */
public enum BlkStatus {
    OK,
    IOERR,
    UNSUPP,
    ZONE_INVALID_CMD,
    ZONE_UNALIGNED_WP,
    ZONE_OPEN_RESOURCE,
    ZONE_ACTIVE_RESOURCE;

    private static final BlkStatus[] ALL = values();

    /** True when a byte is one of these. */
    static boolean known(final int code) {
        return code >= 0 && code < ALL.length;
    }

    /** The status of a known byte. */
    static BlkStatus of(final int code) {
        return ALL[code];
    }
}
