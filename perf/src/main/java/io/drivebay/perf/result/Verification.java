package io.drivebay.perf.result;

/**
 * Whether what was read is what had been written.
 *
 * @param blocks how many blocks were looked at
 * @param mismatches how many held something else
 * @param firstMismatch where and what the first one was; empty when there was none
 */
public record Verification(long blocks, long mismatches, String firstMismatch) {}
