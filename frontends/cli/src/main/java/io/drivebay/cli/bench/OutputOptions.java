package io.drivebay.cli.bench;

import io.drivebay.perf.report.TextReport;
import io.drivebay.perf.report.html.HtmlReport;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.ResultFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the result goes. */
final class OutputOptions {
    private enum Format {
        TABLE,
        JSON
    }

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "What to print: table or json (default: ${DEFAULT-VALUE}).")
    Format format;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result as JSON.")
    @Nullable
    Path json;

    @Option(
            names = "--hlog",
            paramLabel = "FILE",
            description = "Write an HdrHistogram log, with a tag for each operation.")
    @Nullable
    Path histogramLog;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with charts that needs nothing else.")
    @Nullable
    Path html;

    @Option(
            names = "--name",
            paramLabel = "NAME",
            description = "What the run is called in comparisons (default: the pattern and block size).")
    @Nullable
    String name;

    @Option(
            names = "--progress",
            negatable = true,
            description = "Show a line of progress on standard error (default: when that is a terminal).")
    @Nullable
    Boolean progress;

    void write(final BenchResult result, final PrintWriter out) throws IOException {
        out.print(format == Format.JSON ? ResultFiles.toJson(result) : TextReport.of(result));
        out.flush();
        if (json != null) {
            ResultFiles.write(result, json);
        }
        if (html != null) {
            HtmlReport.write(html, "drivebay bench: " + result.name(), List.of(result), List.of());
        }
    }
}
