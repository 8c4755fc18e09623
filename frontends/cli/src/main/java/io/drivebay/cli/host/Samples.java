package io.drivebay.cli.host;

import io.drivebay.perf.result.IntervalMerger;
import io.drivebay.perf.result.IntervalSample;
import io.drivebay.sim.workload.Workload;
import io.drivebay.sim.workload.WorkloadProgress;
import io.drivebay.sim.workload.WorkloadResult;

/** Passes a workload's intervals on as samples of their operations. */
public final class Samples implements WorkloadProgress.Listener {
    private final IntervalMerger merger;

    /** Feeds a merger. */
    public Samples(final IntervalMerger merger) {
        this.merger = merger;
    }

    @Override
    public void progressed(final WorkloadProgress progress) {
        final long startNs = progress.latest().startNs();
        add("read", startNs, progress.latestReads());
        add("write", startNs, progress.latestWrites());
    }

    private void add(final String name, final long startNs, final WorkloadResult.OperationResult operation) {
        if (operation.operations() > 0) {
            merger.add(
                    new IntervalSample(name, startNs, Workload.INTERVAL_NS, operation.bytes(), operation.latencyNs()));
        }
    }
}
