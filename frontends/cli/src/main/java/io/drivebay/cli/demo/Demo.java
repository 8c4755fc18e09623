package io.drivebay.cli.demo;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.cli.host.Drive;
import io.drivebay.cli.host.Frontend;
import io.drivebay.cli.host.Load;
import io.drivebay.cli.host.Passes;
import io.drivebay.cli.host.ProgressLine;
import io.drivebay.cli.host.Stage;
import io.drivebay.perf.report.TextReport;
import io.drivebay.perf.report.Units;
import io.drivebay.perf.report.html.Check;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.MediumChange;
import io.drivebay.sim.verify.BlockStamp;
import io.drivebay.sim.verify.MediumTimeline;
import io.drivebay.sim.verify.Verification;
import io.drivebay.sim.verify.VerificationReport;
import io.drivebay.sim.workload.AccessPattern;
import io.drivebay.sim.workload.WorkloadResult;
import io.drivebay.sim.workload.WorkloadSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The demo's parts, one after the other: a guest on a disk, one whose medium is changed, one with a CD drive. */
final class Demo {
    private static final int BLOCK_BYTES = 4096;
    private static final long DISK_BYTES = 64L << 20;
    private static final long MEDIUM_BYTES = 32L << 20;
    private static final int DEPTH = 32;
    private static final int CHANGES = 30;
    private static final long SEED = 20_260_101;
    private static final Load LOAD = new Load(1, DEPTH, BLOCK_BYTES, true).withPasses();

    private final Path folder;
    private final Duration runtime;
    private final PrintWriter out;
    private final ProgressLine progress;
    private final List<BenchResult> results = new ArrayList<>();
    private final List<Check> checks = new ArrayList<>();

    Demo(final Path folder, final Duration runtime, final PrintWriter out, final ProgressLine progress) {
        this.folder = folder;
        this.runtime = runtime;
        this.out = out;
        this.progress = progress;
    }

    DemoFindings run() throws IOException, BlockException {
        try (Stage stage = Stage.open(DEPTH)) {
            final DiskFiles files = new DiskFiles(folder, stage);
            say("Images in " + folder + ": a disk of " + Units.bytes(DISK_BYTES) + " and two media of "
                    + Units.bytes(MEDIUM_BYTES) + ".");
            final BlockNode disk = files.open(files.make("disk.img", DISK_BYTES));
            say("Files are read and written by " + stage.engine() + ", through " + files.mode() + ".");
            onADisk(stage, disk);
            onChangingMedia(stage, files);
        }
        checks.addAll(new CdPart(SEED, this::say).run());
        return new DemoFindings(List.copyOf(results), List.copyOf(checks));
    }

    private void say(final String text) {
        progress.clear();
        out.println(text);
        out.flush();
    }

    // ---- a guest on a disk ----

    private void onADisk(final Stage stage, final BlockNode disk) throws BlockException {
        say("A guest drives the disk over virtio-blk: fills it, reads and writes it at random, reads it all back.");
        final BlockBackend backend = stage.backend(disk);
        final Passes passes = Passes.over(0, DISK_BYTES, BLOCK_BYTES, SEED);
        try (Drive drive = Frontend.VIRTIO_BLK.attach(backend, LOAD)) {
            final Part part = new Part(stage, backend, drive, progress);
            part.require(
                    "filling the disk",
                    passes.fill(drive.targets(), stage.context().clock(), shown -> {}));
            final WorkloadSpec mixed = spec(AccessPattern.RANDRW, DEPTH, passes.knowledge());
            final WorkloadResult many = part.measure("disk, depth " + DEPTH, mixed);
            results.add(part.result("disk, depth " + DEPTH, mixed, many, many.verification(), List.of()));
            final WorkloadSpec single = spec(AccessPattern.RANDREAD, 1, passes.knowledge());
            final WorkloadResult one = part.measure("disk, depth 1", single);
            results.add(part.result("disk, depth 1", single, one, one.verification(), List.of()));
            final WorkloadResult last =
                    passes.readBack(drive.targets(), stage.context().clock(), shown -> {});
            checks.add(everyBlock("Every block of the disk holds what the guest wrote last", passes.units(), last));
            checks.add(nothingLost("No request to the disk was lost or failed", many, one, last));
        }
        backend.release();
    }

    private WorkloadSpec spec(final AccessPattern pattern, final int depth, final Verification knowledge) {
        return WorkloadSpec.builder(pattern)
                .depth(depth)
                .runtimeNs(runtime.toNanos())
                .warmupNs(runtime.toNanos() / 5)
                .seed(SEED)
                .verification(knowledge)
                .build();
    }

    // ---- a guest whose medium is changed ----

    private void onChangingMedia(final Stage stage, final DiskFiles files) throws IOException, BlockException {
        say("A guest goes on reading and writing while its medium is changed up to " + CHANGES + " times.");
        final BlockStamp stamp = new BlockStamp(BLOCK_BYTES, SEED);
        final BlockNode first = files.open(files.make("medium-a.img", MEDIUM_BYTES, stamp, 1));
        final BlockNode second = files.open(files.make("medium-b.img", MEDIUM_BYTES, stamp, 2));
        final MediumTimeline timeline = new MediumTimeline(1);
        final Verification knowledge = new Verification(stamp, 0, MEDIUM_BYTES, timeline)
                .addMedium(1, 1)
                .addMedium(2, 1);
        final BlockBackend backend = stage.backend(first);
        try (Drive drive = Frontend.VIRTIO_BLK.attach(backend, LOAD)) {
            final Part part = new Part(stage, backend, drive, progress);
            final WorkloadSpec spec = spec(AccessPattern.RANDRW, DEPTH, knowledge);
            final Swapper swapper = new Swapper(
                            stage.layer(),
                            backend,
                            List.of(first, second),
                            timeline,
                            new Swapper.Timing(spec.warmupNs(), spec.runtimeNs(), CHANGES))
                    .start();
            final WorkloadResult measured;
            final List<MediumChange> changes;
            try {
                measured = part.measure("changing medium", spec);
            } finally {
                changes = swapper.stop();
            }
            results.add(
                    part.result("changing medium, depth " + DEPTH, spec, measured, measured.verification(), changes));
            judgeChanges(measured, changes);
            final Passes passes = Passes.over(knowledge, SEED);
            for (long medium = 1; medium <= 2; medium++) {
                swapper.changeTo(medium);
                final WorkloadResult last =
                        passes.readBack(drive.targets(), stage.context().clock(), shown -> {});
                checks.add(everySettledBlock(medium, passes.units(), last));
            }
        }
        backend.release();
    }

    private void judgeChanges(final WorkloadResult measured, final List<MediumChange> changes) {
        final VerificationReport seen = measured.verification();
        checks.add(nothingLost("No request was lost or failed while the medium was changed", measured));
        checks.add(new Check(
                "No read was served from the wrong medium",
                seen.mismatches() == 0 && seen.unitsVerified() > 0,
                seen.unitsVerified() + " blocks verified, " + mismatches(seen)));
        checks.add(new Check(
                "The medium was changed under load",
                changes.size() >= CHANGES / 2,
                changes.isEmpty() ? "never" : TextReport.pauses(changes)));
    }

    private static Check everyBlock(final String claim, final long blocks, final WorkloadResult pass) {
        final VerificationReport seen = pass.verification();
        return new Check(
                claim,
                seen.mismatches() == 0 && seen.unitsVerified() == blocks && pass.failed() == 0,
                seen.unitsVerified() + " of " + blocks + " blocks verified, " + mismatches(seen));
    }

    /** Of a block that was being written while the medium changed, nobody can say which medium it went to. */
    private static Check everySettledBlock(final long medium, final long blocks, final WorkloadResult pass) {
        final VerificationReport seen = pass.verification();
        return new Check(
                "Every block of medium " + medium + " holds what was written to it last, and nothing of the other one",
                seen.mismatches() == 0
                        && seen.unitsVerified() > blocks / 2
                        && seen.unitsVerified() + seen.unitsUnknown() == blocks
                        && pass.failed() == 0,
                seen.unitsVerified() + " of " + blocks + " blocks verified, " + mismatches(seen) + "; the other "
                        + seen.unitsUnknown() + " were being written at the moment of a change");
    }

    private static String mismatches(final VerificationReport seen) {
        return seen.mismatches() == 0
                ? "none wrong"
                : seen.mismatches() + " wrong, the first: " + seen.examples().get(0);
    }

    private static Check nothingLost(final String claim, final WorkloadResult... runs) {
        long completed = 0;
        long failed = 0;
        for (final WorkloadResult run : runs) {
            completed += run.operations();
            failed += run.failed();
        }
        return new Check(claim, failed == 0 && completed > 0, completed + " completed, " + failed + " failed");
    }
}
