package io.drivebay.driver.filter;

/**
 * A request that fails: one of {@code inject-error}.
 *
 * @param when what is hit
 * @param errno with what it fails
 * @param once only the first hit
 * @param immediately in the call that starts it, not in a later turn of the context
 */
record ErrorRule(FaultRule when, int errno, boolean once, boolean immediately) {}
