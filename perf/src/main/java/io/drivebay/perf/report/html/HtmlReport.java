package io.drivebay.perf.report.html;

import io.drivebay.perf.report.Comparison;
import io.drivebay.perf.report.TextReport;
import io.drivebay.perf.report.Units;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.LatencySummary;
import io.drivebay.perf.result.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * One HTML page for one or more results, which needs nothing but itself: no scripts, fonts or pictures from elsewhere.
 * Follows the reader's choice of light or dark.
 */
public final class HtmlReport {
    private final String title;
    private final List<BenchResult> results;
    private final List<Check> checks;
    private final Markup out = new Markup();

    private HtmlReport(final String title, final List<BenchResult> results, final List<Check> checks) {
        this.title = title;
        this.results = results;
        this.checks = checks;
    }

    /** Writes the page, replacing what is there. */
    public static void write(
            final Path file, final String title, final List<BenchResult> results, final List<Check> checks)
            throws IOException {
        Files.writeString(file, page(title, results, checks));
    }

    /** The page: HTML that is well-formed XML too. */
    public static String page(final String title, final List<BenchResult> results, final List<Check> checks) {
        return new HtmlReport(title, results, checks).build();
    }

    private String build() {
        out.raw("<!DOCTYPE html>\n").open("html", "lang", "en", "xmlns", "http://www.w3.org/1999/xhtml");
        out.open("head").empty("meta", "charset", "utf-8");
        out.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        out.leaf("title", title).open("style").raw(Styles.SHEET).close().close();
        out.open("body").leaf("h1", title);
        for (final BenchResult result : results) {
            out.leaf(
                    "p",
                    result.name() + ": " + result.startedAt() + ", drivebay " + result.drivebay() + ", "
                            + TextReport.host(result.host()),
                    "class",
                    "soft");
        }
        writeChecks();
        writeFigures();
        final Charts charts = new Charts(results);
        out.leaf("h2", "Charts");
        charts.percentiles().render(out);
        charts.latencyOverTime().render(out);
        charts.rateOverTime().render(out);
        writeOptions();
        return out.close().close().toString();
    }

    private void writeChecks() {
        if (checks.isEmpty()) {
            return;
        }
        out.leaf("h2", "What was shown").open("table", "class", "words");
        for (final Check check : checks) {
            out.open("tr").leaf("td", check.holds() ? "✓ holds" : "✗ FAILED", "class", check.holds() ? "good" : "bad");
            out.leaf("td", check.claim())
                    .leaf("td", check.detail(), "class", "soft")
                    .close();
        }
        out.close();
    }

    private void writeFigures() {
        out.leaf("h2", "Figures").open("div", "class", "scroll").open("table");
        row("th", "run", "operation", "count", "IOPS", "bandwidth");
        for (final BenchResult result : results) {
            result.operations()
                    .forEach((name, operation) -> row(
                            "td",
                            result.name(),
                            name,
                            Long.toString(operation.operations()),
                            Units.count(operation.iops()),
                            Units.bytes(operation.bytesPerSecond()) + "/s"));
        }
        out.close().close().open("div", "class", "scroll").open("table");
        row("th", "run", "latency", "min", "p50", "p90", "p99", "p99.9", "p99.99", "max");
        for (final BenchResult result : results) {
            result.operations().forEach((name, operation) -> latencyRow(result.name(), name, operation.latency()));
        }
        out.close().close();
        if (results.size() > 1) {
            writeComparison();
        }
        results.forEach(this::writeFindings);
    }

    private void latencyRow(final String run, final String operation, final LatencySummary latency) {
        row(
                "td",
                run,
                operation,
                Units.time(latency.minNs()),
                Units.time(latency.p50Ns()),
                Units.time(latency.p90Ns()),
                Units.time(latency.p99Ns()),
                Units.time(latency.p999Ns()),
                Units.time(latency.p9999Ns()),
                Units.time(latency.maxNs()));
    }

    private void writeComparison() {
        out.leaf("h2", "Compared with " + results.get(0).name())
                .open("div", "class", "scroll")
                .open("table");
        final List<List<String>> rows = Comparison.rows(results);
        for (int i = 0; i < rows.size(); i++) {
            row(i == 0 ? "th" : "td", rows.get(i).toArray(new String[0]));
        }
        out.close().close();
    }

    private void writeFindings(final BenchResult result) {
        if (!result.failures().isEmpty()) {
            out.leaf("p", result.name() + ": " + TextReport.failures(result), "class", "bad");
        }
        if (result.neverBegun() > 0) {
            out.leaf("p", result.name() + ": " + TextReport.neverBegun(result), "class", "bad");
        }
        final Verification verification = result.verification();
        if (verification != null) {
            final String style = verification.mismatches() == 0 ? "good" : "bad";
            out.leaf("p", result.name() + ": " + TextReport.sentence(verification), "class", style);
        }
        if (!result.mediumChanges().isEmpty()) {
            out.leaf("p", result.name() + ": " + TextReport.pauses(result.mediumChanges()));
        }
    }

    private void writeOptions() {
        out.leaf("h2", "How it was run").open("table", "class", "words");
        for (final BenchResult result : results) {
            pairs(result.name(), result.target());
            pairs(result.name(), result.options());
        }
        out.close();
    }

    private void pairs(final String run, final Map<String, String> pairs) {
        pairs.forEach((key, value) -> row("td", run, key, value));
    }

    private void row(final String cell, final String... texts) {
        out.open("tr");
        for (final String text : texts) {
            out.leaf(cell, text);
        }
        out.close();
    }
}
