package io.drivebay.driver.filter;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import java.util.Set;

/**
 * When a fault strikes and on what.
 *
 * @param event what makes the rule active; NONE: it always is
 * @param state the state in which the event does so; 0: any
 * @param operations which requests are hit
 * @param offset only those whose range holds this byte; {@link #ANYWHERE}: all
 */
record FaultRule(DebugEvent event, int state, Set<Operation> operations, long offset) {
    static final long ANYWHERE = -1;

    /** True when an event in a state makes this rule active. */
    boolean wokenBy(final DebugEvent happened, final int present) {
        return event == happened && (state == 0 || state == present);
    }

    boolean hits(final BlockRequest request) {
        if (!operations.contains(request.operation())) {
            return false;
        }
        return offset == ANYWHERE || (offset >= request.offset() && offset - request.offset() < request.length());
    }
}
