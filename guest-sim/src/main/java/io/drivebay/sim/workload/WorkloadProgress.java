package io.drivebay.sim.workload;

/**
 * How far a running workload is.
 *
 * @param elapsedNs time since the end of the warm-up, up to the end of the latest interval
 * @param operations requests that have succeeded since then
 * @param bytes bytes they moved
 * @param failures requests that have failed since then
 * @param latest the latest interval
 * @param latestReads its reads that succeeded; the histogram is valid during the call only
 * @param latestWrites its writes that succeeded; the histogram is valid during the call only
 */
public record WorkloadProgress(
        long elapsedNs,
        long operations,
        long bytes,
        long failures,
        IntervalSample latest,
        WorkloadResult.OperationResult latestReads,
        WorkloadResult.OperationResult latestWrites) {
    /** Whoever shows the progress. Called once for each interval, on the thread that runs the workload. */
    @FunctionalInterface
    public interface Listener {
        void progressed(WorkloadProgress progress);
    }
}
