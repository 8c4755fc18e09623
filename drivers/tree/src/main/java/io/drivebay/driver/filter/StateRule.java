package io.drivebay.driver.filter;

/**
 * An event that changes the state: one of {@code set-state}.
 *
 * @param state the state in which it does; 0: any
 */
record StateRule(DebugEvent event, int state, int newState) {
    boolean appliesTo(final DebugEvent happened, final int present) {
        return event == happened && (state == 0 || state == present);
    }
}
