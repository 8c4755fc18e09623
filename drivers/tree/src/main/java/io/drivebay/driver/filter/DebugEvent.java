package io.drivebay.driver.filter;

import io.drivebay.backend.request.Operation;
import java.util.Locale;

/** What fault rules wait for: QAPI's BlkdebugEvent, as far as it can be seen from a request. */
enum DebugEvent {
    /** No event: a rule for it holds from the beginning. */
    NONE,
    READ_AIO,
    WRITE_AIO,
    PWRITEV_ZERO,
    FLUSH_TO_DISK,
    /** A DISCARD; not in QAPI. */
    DISCARD,
    /** A BLOCK_STATUS; not in QAPI. */
    BLOCK_STATUS,
    /** A SECURE_ERASE; not in QAPI. */
    SECURE_ERASE,
    /** An operation of zones; not in QAPI. */
    ZONE;

    static DebugEvent of(final Operation operation) {
        return switch (operation) {
            case READ -> READ_AIO;
            case WRITE -> WRITE_AIO;
            case WRITE_ZEROES -> PWRITEV_ZERO;
            case FLUSH -> FLUSH_TO_DISK;
            case DISCARD -> DISCARD;
            case BLOCK_STATUS -> BLOCK_STATUS;
            case SECURE_ERASE -> SECURE_ERASE;
            case ZONE_REPORT, ZONE_APPEND, ZONE_OPEN, ZONE_CLOSE, ZONE_FINISH, ZONE_RESET, ZONE_RESET_ALL -> ZONE;
        };
    }

    String qapiName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
