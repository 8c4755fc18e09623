package io.drivebay.cli.demo;

import io.drivebay.backend.BlockBackend;
import io.drivebay.cli.host.Drive;
import io.drivebay.cli.host.Frontend;
import io.drivebay.cli.host.ProgressLine;
import io.drivebay.cli.host.Results;
import io.drivebay.cli.host.Samples;
import io.drivebay.cli.host.Stage;
import io.drivebay.cli.host.TargetInfo;
import io.drivebay.perf.report.Units;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.IntervalMerger;
import io.drivebay.perf.result.MediumChange;
import io.drivebay.perf.result.RunRecorder;
import io.drivebay.sim.verify.VerificationReport;
import io.drivebay.sim.workload.Workload;
import io.drivebay.sim.workload.WorkloadResult;
import io.drivebay.sim.workload.WorkloadSpec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs workloads on one drive and keeps what they did over time. */
final class Part {
    private final Stage stage;
    private final BlockBackend backend;
    private final Drive drive;
    private final ProgressLine progress;
    private RunRecorder recorder = new RunRecorder();
    private Instant startedAt = Instant.EPOCH;

    Part(final Stage stage, final BlockBackend backend, final Drive drive, final ProgressLine progress) {
        this.stage = stage;
        this.backend = backend;
        this.drive = drive;
        this.progress = progress;
    }

    /** Runs a workload. */
    WorkloadResult measure(final String what, final WorkloadSpec spec) {
        recorder = new RunRecorder();
        startedAt = Instant.now().plusNanos(spec.warmupNs());
        final IntervalMerger merger = new IntervalMerger(Workload.INTERVAL_NS, spec.runtimeNs(), recorder::add);
        final Samples samples = new Samples(merger);
        progress.show(what + ": warming up");
        try (Workload workload =
                new Workload(spec, drive.targets(), stage.context().clock(), seen -> {
                    samples.progressed(seen);
                    progress.show(what + ": " + Units.count(seen.operations()) + " requests, p99 "
                            + Units.time(seen.latest().p99Ns()));
                })) {
            final WorkloadResult result = workload.run();
            merger.finish();
            return result;
        }
    }

    /** The result of the workload that was measured last. */
    BenchResult result(
            final String name,
            final WorkloadSpec spec,
            final WorkloadResult measured,
            final VerificationReport verified,
            final List<MediumChange> changes) {
        final Map<String, String> options = new LinkedHashMap<>();
        options.put("rw", spec.pattern().toString());
        options.put("bs", spec.blockSizes().toString());
        options.put("iodepth", Integer.toString(spec.depth()));
        final Results.Labels labels =
                new Results.Labels(name, options, TargetInfo.of(stage, backend, Frontend.VIRTIO_BLK));
        return Results.of(labels, startedAt, measured, recorder, verified, changes);
    }

    /** Refuses to go on after something without which the rest makes no sense. */
    void require(final String doing, final WorkloadResult result) {
        if (result.failed() > 0) {
            throw new IllegalStateException(doing + " failed: " + result.failures());
        }
    }
}
