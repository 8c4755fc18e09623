package io.drivebay.cli.bench;

import io.drivebay.backend.context.Clock;
import io.drivebay.cli.host.Passes;
import io.drivebay.cli.host.ProgressLine;
import io.drivebay.cli.host.Results;
import io.drivebay.cli.host.Samples;
import io.drivebay.perf.report.HistogramLog;
import io.drivebay.perf.report.Units;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.IntervalMerger;
import io.drivebay.perf.result.IntervalSample;
import io.drivebay.perf.result.RunRecorder;
import io.drivebay.sim.verify.VerificationReport;
import io.drivebay.sim.workload.IoTarget;
import io.drivebay.sim.workload.Workload;
import io.drivebay.sim.workload.WorkloadProgress;
import io.drivebay.sim.workload.WorkloadResult;
import io.drivebay.sim.workload.WorkloadSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Carries a plan out: fill, warm up, measure, read back. */
final class BenchRun {
    private final BenchPlan plan;
    private final IoTarget.Factory targets;
    private final Clock clock;
    private final ProgressLine line;
    private final RunRecorder recorder = new RunRecorder();

    BenchRun(final BenchPlan plan, final IoTarget.Factory targets, final Clock clock, final ProgressLine line) {
        this.plan = plan;
        this.targets = targets;
        this.clock = clock;
        this.line = line;
    }

    /** Runs; throws what the workloads throw. */
    BenchResult run(final Results.Labels labels, final @Nullable Path logFile) throws IOException {
        final Passes passes = plan.passes().orElse(null);
        VerificationReport found = VerificationReport.NONE;
        if (passes != null) {
            refuseFailures("filling the range", passes.fill(targets, clock, showing("filling")));
        }
        final Instant startedAt = Instant.now().plusNanos(plan.measured().warmupNs());
        final WorkloadResult measured = measure(logFile, startedAt);
        found = found.plus(measured.verification());
        if (passes != null) {
            final WorkloadResult readBack = passes.readBack(targets, clock, showing("reading back"));
            refuseFailures("reading the range back", readBack);
            found = found.plus(readBack.verification());
        }
        return Results.of(labels, startedAt, measured, recorder, passes == null ? null : found, List.of());
    }

    private static void refuseFailures(final String doing, final WorkloadResult result) {
        if (result.failed() > 0) {
            throw new IllegalStateException(doing + " failed: " + result.failures());
        }
    }

    private WorkloadResult measure(final @Nullable Path logFile, final Instant startedAt) throws IOException {
        if (logFile == null) {
            return measure(sample -> {});
        }
        try (HistogramLog log = new HistogramLog(logFile, startedAt.toEpochMilli())) {
            return measure(log::add);
        }
    }

    /** Whoever wants the samples beside the recorder. */
    private interface Receiver {
        void add(IntervalSample sample);
    }

    private WorkloadResult measure(final Receiver receiver) {
        final WorkloadSpec spec = plan.measured();
        final IntervalMerger merger = new IntervalMerger(Workload.INTERVAL_NS, spec.runtimeNs(), sample -> {
            recorder.add(sample);
            receiver.add(sample);
        });
        final Samples samples = new Samples(merger);
        final String what = spec.pattern() + " " + spec.blockSizes();
        line.show(what + ": warming up");
        final WorkloadProgress.Listener listener = progress -> {
            samples.progressed(progress);
            line.show(what + ": " + seconds(progress.elapsedNs()) + " of " + seconds(spec.runtimeNs()) + ", "
                    + rates(progress.latest()));
        };
        try (Workload workload = new Workload(spec, targets, clock, listener)) {
            final WorkloadResult result = workload.run();
            merger.finish();
            return result;
        }
    }

    private WorkloadProgress.Listener showing(final String what) {
        line.show(what);
        return progress -> line.show(what + ": " + Units.bytes(progress.bytes()));
    }

    private static String rates(final io.drivebay.sim.workload.IntervalSample latest) {
        final double perSecond = TimeUnit.SECONDS.toNanos(1) / (double) Workload.INTERVAL_NS;
        return Units.count(latest.operations() * perSecond) + " IOPS, " + Units.bytes(latest.bytes() * perSecond)
                + "/s, p50 " + Units.time(latest.p50Ns()) + ", p99 " + Units.time(latest.p99Ns());
    }

    private static String seconds(final long ns) {
        return TimeUnit.NANOSECONDS.toSeconds(ns) + " s";
    }
}
