package io.drivebay.perf.result;

/**
 * One operation in one stretch of a run.
 *
 * @param operation as in {@link BenchResult#operations()}
 * @param startNs begin of the stretch, from the begin of the run
 * @param durationNs its length
 * @param operations how many succeeded
 * @param bytes moved by them
 * @param p50Ns their median latency; 0 when there were none
 * @param p99Ns their 99th percentile
 * @param maxNs the longest
 */
public record IntervalPoint(
        String operation,
        long startNs,
        long durationNs,
        long operations,
        long bytes,
        long p50Ns,
        long p99Ns,
        long maxNs) {}
