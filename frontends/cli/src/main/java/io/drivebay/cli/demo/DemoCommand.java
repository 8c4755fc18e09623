package io.drivebay.cli.demo;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.cli.host.ProgressLine;
import io.drivebay.cli.host.Terminal;
import io.drivebay.cli.options.DurationConverter;
import io.drivebay.perf.report.TextReport;
import io.drivebay.perf.report.html.Check;
import io.drivebay.perf.report.html.HtmlReport;
import io.drivebay.perf.result.BenchResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code drivebay demo}: a guest on a disk, a medium that is changed under it, a CD drive with a changing disc. */
@Command(
        name = "demo",
        description = "Run a simulated guest on a virtio-blk disk on a real file, verify every block, change the medium"
                + " under load, change the disc of a simulated CD drive, and write a report. Works in a temporary"
                + " folder, which it removes.",
        sortOptions = false)
public final class DemoCommand implements Callable<Integer> {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            defaultValue = "drivebay-demo.html",
            description = "Where the report goes (default: ${DEFAULT-VALUE}).")
    private Path report;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "Where the temporary folder is made: which disk is used (default: that of the system).")
    private Path folder = Path.of(System.getProperty("java.io.tmpdir", "."));

    @Option(
            names = "--runtime",
            paramLabel = "TIME",
            defaultValue = "5s",
            converter = DurationConverter.class,
            description = "How long to measure in each of the three parts (default: ${DEFAULT-VALUE}).")
    private Duration runtime;

    @Override
    public Integer call() throws IOException, BlockException {
        if (runtime.isZero() || runtime.compareTo(LONGEST) > 0) {
            throw new ParameterException(spec.commandLine(), "--runtime must be from 1ms to 10m");
        }
        refuseUnwritableReport();
        final PrintWriter out = spec.commandLine().getOut();
        final ProgressLine progress = new ProgressLine(spec.commandLine().getErr(), Terminal.onStandardError());
        final DemoFindings findings;
        try (TemporaryFolder temporary = TemporaryFolder.in(folder)) {
            findings = new Demo(temporary.path(), runtime, out, progress).run();
        } finally {
            progress.clear();
        }
        tell(out, findings);
        HtmlReport.write(report, "drivebay demo", findings.results(), findings.checks());
        out.println("Report: " + report.toAbsolutePath().normalize());
        out.flush();
        return findings.allHold() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /** Better before the work than after it. */
    private void refuseUnwritableReport() throws IOException {
        final Path parent = report.toAbsolutePath().getParent();
        if (Files.isDirectory(report) || parent == null || !Files.isWritable(parent)) {
            throw new IOException(report + ": the report cannot be written there; choose another place with --report");
        }
    }

    private static void tell(final PrintWriter out, final DemoFindings findings) {
        for (final BenchResult result : findings.results()) {
            out.println();
            out.print(TextReport.of(result));
        }
        out.println();
        for (final Check check : findings.checks()) {
            out.println((check.holds() ? "  ok      " : "  FAILED  ") + check.claim() + ": " + check.detail());
        }
        out.println();
    }
}
