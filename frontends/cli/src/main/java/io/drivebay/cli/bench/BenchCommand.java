package io.drivebay.cli.bench;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.cli.host.Drive;
import io.drivebay.cli.host.Frontend;
import io.drivebay.cli.host.Load;
import io.drivebay.cli.host.ProgressLine;
import io.drivebay.cli.host.RemoteDrive;
import io.drivebay.cli.host.Results;
import io.drivebay.cli.host.Stage;
import io.drivebay.cli.host.TargetInfo;
import io.drivebay.cli.host.Terminal;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.sim.workload.Waiting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code drivebay bench}: reads and writes a disk for a while, and says how long that took. */
@Command(
        name = "bench",
        customSynopsis = {
            "drivebay bench [OPTIONS] IMAGE",
            "       drivebay bench [OPTIONS] --blockdev driver=NAME,... [--blockdev ...]",
            "       drivebay bench [OPTIONS] --socket PATH",
            "       drivebay bench compare RESULT.json RESULT.json..."
        },
        description = "Read and write a disk for a while, and say how long each request took. A disk is only read"
                + " unless the pattern writes or --verify is given, and then only with --allow-writes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  drivebay bench disk.img --direct --rw randread --bs 4k --iodepth 32 --html report.html",
            "  drivebay bench --blockdev driver=null-co,size=1G --iodepth 64",
            "  drivebay bench --blockdev driver=throttle,iops-total=1000,file.driver=memory,file.size=64M",
            "  drivebay bench compare before.json after.json"
        },
        sortOptions = false,
        subcommands = CompareCommand.class)
public final class BenchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DiskOptions disk;

    @Mixin
    private WorkloadOptions workload;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException, BlockException {
        orUsage(() -> workload.builder().build());
        if (workload.waiting == Waiting.CONTEXT && (disk.frontend != Frontend.BACKEND || disk.socket != null)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "a guest has a thread of its own: --wait context goes with --frontend backend only");
        }
        final String socket = orUsage(() -> disk.socketOrNone(workload.writes()));
        return socket.isEmpty() ? benchHere() : benchOver(socket);
    }

    /** A disk of another process. */
    private int benchOver(final String socket) throws IOException {
        final long lengthBytes = RemoteDrive.lengthBytes(socket);
        final BenchPlan plan = orUsage(() -> BenchPlan.of(workload, lengthBytes));
        try (RemoteDrive drive = RemoteDrive.connect(socket, plan.load())) {
            return report(drive, plan, RemoteDrive.info(socket, lengthBytes));
        }
    }

    private int benchHere() throws IOException, BlockException {
        final List<Map<String, Object>> devices = orUsage(() -> disk.devices(workload.writes()));
        try (Stage stage = Stage.open(Math.multiplyExact(workload.depth, workload.jobs), disk.pollMaxNs)) {
            final List<BlockNode> nodes = new ArrayList<>();
            for (final Map<String, Object> device : devices) {
                nodes.add(stage.add(device));
            }
            final BlockBackend backend = stage.backend(nodes.get(nodes.size() - 1));
            final BenchPlan plan = orUsage(() -> BenchPlan.of(workload, backend.lengthBytes()));
            try (Drive drive = attach(backend, plan.load())) {
                return report(drive, plan, TargetInfo.of(stage, backend, disk.frontend));
            }
        }
    }

    private int report(final Drive drive, final BenchPlan plan, final Map<String, String> target) throws IOException {
        final BenchResult result = run(drive, plan, new Results.Labels(name(), options(), target));
        output.write(result, spec.commandLine().getOut());
        return result.clean() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private Drive attach(final BlockBackend backend, final Load load) throws BlockException {
        try {
            return disk.frontend.attach(backend, load);
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private BenchResult run(final Drive drive, final BenchPlan plan, final Results.Labels labels) throws IOException {
        final boolean shown = Objects.requireNonNullElseGet(output.progress, Terminal::onStandardError);
        final ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), shown);
        try {
            return new BenchRun(plan, drive.targets(), SystemClock.INSTANCE, progress).run(labels, output.histogramLog);
        } finally {
            progress.clear();
        }
    }

    private String name() {
        return Objects.requireNonNullElseGet(output.name, () -> workload.pattern + " " + workload.blockSizes);
    }

    private Map<String, String> options() {
        final Map<String, String> options = new LinkedHashMap<>(disk.describe());
        options.putAll(workload.describe());
        return options;
    }

    /** Something that finds fault with the command line by an IllegalArgumentException. */
    private interface Checked<T> {
        T get();
    }

    private <T> T orUsage(final Checked<T> action) {
        try {
            return action.get();
        } catch (final IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }
}
