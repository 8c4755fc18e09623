package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.request.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** What fault rules wait for: QAPI's BlkdebugEvent, as far as it can be seen from a request. */
enum DebugEvent {
    /** No event: a rule for it holds from the beginning. */
    NONE,
    READ_AIO,
    WRITE_AIO,
    PWRITEV_ZERO,
    /** A flush; comes before the other one. */
    FLUSH_TO_OS,
    FLUSH_TO_DISK,
    /** A DISCARD; not in QAPI. */
    DISCARD,
    /** A BLOCK_STATUS; not in QAPI. */
    BLOCK_STATUS,
    /** A SECURE_ERASE; not in QAPI. */
    SECURE_ERASE,
    /** An operation of zones; not in QAPI. */
    ZONE;

    private static final List<List<DebugEvent>> BY_OPERATION =
            Arrays.stream(Operation.values()).map(DebugEvent::list).toList();

    private static List<DebugEvent> list(final Operation operation) {
        return switch (operation) {
            case READ -> List.of(READ_AIO);
            case WRITE -> List.of(WRITE_AIO);
            case WRITE_ZEROES -> List.of(PWRITEV_ZERO);
            case FLUSH -> List.of(FLUSH_TO_OS, FLUSH_TO_DISK);
            case DISCARD -> List.of(DISCARD);
            case BLOCK_STATUS -> List.of(BLOCK_STATUS);
            case SECURE_ERASE -> List.of(SECURE_ERASE);
            case ZONE_REPORT, ZONE_APPEND, ZONE_OPEN, ZONE_CLOSE, ZONE_FINISH, ZONE_RESET, ZONE_RESET_ALL ->
                List.of(ZONE);
        };
    }

    /** The events that an operation is, in their order. */
    static List<DebugEvent> of(final Operation operation) {
        return BY_OPERATION.get(operation.ordinal());
    }

    /**
     * The event of a name.
     *
     * @throws BlockException INVALID_OPTION with the names that there are
     */
    static DebugEvent named(final String name) throws BlockException {
        final StringJoiner known = new StringJoiner(", ");
        for (final DebugEvent event : values()) {
            if (event.qapiName().equals(name)) {
                return event;
            }
            known.add(event.qapiName());
        }
        throw new BlockException(
                Kind.INVALID_OPTION, "option 'event' must be one of " + known + ", not '" + name + "'");
    }

    String qapiName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
