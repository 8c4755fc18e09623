package io.drivebay.sim.workload;

/**
 * What all jobs did in one interval, for charts over time. Latencies are those of the requests that completed in the
 * interval, reads and writes together, in nanoseconds; 0 when there were none.
 *
 * @param startNs when the interval began, from the end of the warm-up
 * @param operations requests that succeeded
 * @param bytes bytes they moved
 * @param failures requests that failed
 */
public record IntervalSample(
        long startNs, long operations, long bytes, long failures, long p50Ns, long p99Ns, long maxNs) {}
