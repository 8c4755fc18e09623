package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.drivebay.perf.report.Comparison;
import io.drivebay.perf.report.TextReport;
import io.drivebay.perf.report.html.HtmlReport;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.ResultFiles;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A file that {@code bench compare} reads, right or wrong: it is compared and drawn, or refused. */
@Timeout(60)
final class HostileResultsTest {
    @Test
    void aResultIsComparedOrRefused() {
        final String json = CommandRun.of(
                        "bench",
                        "--blockdev=driver=memory,size=16M",
                        "--runtime=60ms",
                        "--warmup=0",
                        "--verify",
                        "--rw=randrw",
                        "--output=json")
                .out();
        final BenchResult good = ResultFiles.fromJson(json);

        Mutations.check(
                500,
                List.of(json),
                text -> {
                    final List<BenchResult> results = List.of(good, ResultFiles.fromJson(text));
                    assertFalse(Comparison.text(results).isEmpty());
                    assertFalse(TextReport.of(results.get(1)).isEmpty());
                    assertFalse(HtmlReport.page("hostile", results, List.of()).isEmpty());
                },
                List.of(IllegalArgumentException.class));
    }
}
