package io.drivebay.driver.filter;

/**
 * A request that takes longer: one of {@code inject-latency}.
 *
 * @param when what is hit
 * @param latencyNs how long it is held back before it goes on
 */
record DelayRule(FaultRule when, long latencyNs) {}
