package io.drivebay.cli.bench;

import io.drivebay.perf.report.Comparison;
import io.drivebay.perf.report.html.HtmlReport;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.ResultFiles;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code drivebay bench compare}: results side by side. */
@Command(name = "compare", description = "Put results side by side; ratios are to the first one.", sortOptions = false)
public final class CompareCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "2..*",
            paramLabel = "RESULT.json",
            description = "Results that bench has written with --json, at least two.")
    private List<Path> files;

    @Option(names = "--html", paramLabel = "FILE", description = "Write a page with their charts overlaid.")
    @Nullable
    private Path html;

    @Override
    public Integer call() throws IOException {
        final List<BenchResult> results = new ArrayList<>();
        final Set<String> names = new HashSet<>();
        for (final Path file : files) {
            final BenchResult result = ResultFiles.read(file);
            results.add(names.add(result.name()) ? result : result.named(unused(names, file)));
        }
        final PrintWriter out = spec.commandLine().getOut();
        out.print(Comparison.text(results));
        out.flush();
        if (html != null) {
            HtmlReport.write(html, "drivebay bench compare", results, List.of());
        }
        return CommandLine.ExitCode.OK;
    }

    /** Two runs of one name would not be told apart: the file's name stands in. */
    private static String unused(final Set<String> names, final Path file) {
        final String base = file.getFileName().toString().replaceFirst("\\.json$", "");
        String name = base;
        for (int i = 2; !names.add(name); i++) {
            name = base + "#" + i;
        }
        return name;
    }
}
