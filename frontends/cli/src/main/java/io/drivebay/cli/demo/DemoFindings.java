package io.drivebay.cli.demo;

import io.drivebay.perf.report.html.Check;
import io.drivebay.perf.result.BenchResult;
import java.util.List;

/**
 * What the demo has measured and shown.
 *
 * @param results one for each part
 * @param checks what was claimed, and whether it holds
 */
record DemoFindings(List<BenchResult> results, List<Check> checks) {
    boolean allHold() {
        return checks.stream().allMatch(Check::holds);
    }
}
