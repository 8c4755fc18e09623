package io.drivebay.cli.host;

import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.HostInfo;
import io.drivebay.perf.result.MediumChange;
import io.drivebay.perf.result.OperationResult;
import io.drivebay.perf.result.RunRecorder;
import io.drivebay.perf.result.Verification;
import io.drivebay.sim.verify.VerificationReport;
import io.drivebay.sim.workload.WorkloadResult;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes results out of what workloads report. */
public final class Results {
    private Results() {}

    /**
     * A result.
     *
     * @param labels how it is called, asked for and where it ran
     * @param startedAt begin of the measured time
     * @param measured what the workload reports
     * @param recorder the samples over time
     * @param verified what all passes found; null when nothing was verified
     * @param changes of the medium
     */
    public static BenchResult of(
            final Labels labels,
            final Instant startedAt,
            final WorkloadResult measured,
            final RunRecorder recorder,
            final @Nullable VerificationReport verified,
            final List<MediumChange> changes) {
        final Map<String, OperationResult> operations = new LinkedHashMap<>();
        add(operations, "read", measured.reads(), measured.elapsedNs());
        add(operations, "write", measured.writes(), measured.elapsedNs());
        final Map<String, Long> failures = new TreeMap<>();
        measured.failures().forEach((status, count) -> failures.put(status.name(), count));
        return new BenchResult(
                BenchResult.FORMAT,
                BenchResult.VERSION,
                labels.name(),
                Build.version(),
                startedAt.truncatedTo(ChronoUnit.MILLIS).toString(),
                HostInfo.here(),
                labels.options(),
                labels.target(),
                measured.elapsedNs(),
                operations,
                failures,
                measured.neverBegun(),
                recorder.points(),
                verified == null ? null : of(verified),
                changes);
    }

    /**
     * What a result is called.
     *
     * @param name in comparisons
     * @param options as on the command line
     * @param target what was driven
     */
    public record Labels(String name, Map<String, String> options, Map<String, String> target) {}

    private static void add(
            final Map<String, OperationResult> operations,
            final String name,
            final WorkloadResult.OperationResult operation,
            final long elapsedNs) {
        if (operation.operations() > 0) {
            operations.put(name, OperationResult.of(operation.latencyNs(), operation.bytes(), elapsedNs));
        }
    }

    private static Verification of(final VerificationReport report) {
        final String first =
                report.examples().isEmpty() ? "" : report.examples().get(0).toString();
        return new Verification(report.unitsVerified(), report.mismatches(), first);
    }
}
