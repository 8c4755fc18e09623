package io.drivebay.perf.report;

import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.HostInfo;
import io.drivebay.perf.result.LatencySummary;
import io.drivebay.perf.result.MediumChange;
import io.drivebay.perf.result.OperationResult;
import io.drivebay.perf.result.Verification;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A result as a table for a terminal. */
public final class TextReport {
    private static final String INDENT = "  ";

    private TextReport() {}

    /** The table; ends in a line feed. */
    public static String of(final BenchResult result) {
        final StringBuilder text = new StringBuilder();
        text.append(result.name()).append(": ").append(line(result.options())).append('\n');
        text.append(INDENT).append(line(result.target())).append('\n');
        text.append(INDENT).append(host(result.host())).append('\n');
        text.append('\n').append(rates(result)).append('\n').append(latencies(result));
        if (!result.failures().isEmpty()) {
            text.append('\n').append(INDENT).append(failures(result)).append('\n');
        }
        if (result.neverBegun() > 0) {
            text.append('\n').append(INDENT).append(neverBegun(result)).append('\n');
        }
        final Verification verification = result.verification();
        if (verification != null) {
            text.append('\n').append(INDENT).append(sentence(verification)).append('\n');
        }
        if (!result.mediumChanges().isEmpty()) {
            text.append('\n')
                    .append(INDENT)
                    .append(pauses(result.mediumChanges()))
                    .append('\n');
        }
        return text.toString();
    }

    static String line(final Map<String, ?> pairs) {
        return pairs.entrySet().stream()
                .map(pair -> pair.getKey() + "=" + pair.getValue())
                .collect(Collectors.joining(", "));
    }

    /** A machine and its JVM in one line. */
    public static String host(final HostInfo host) {
        return host.processors() + " x " + host.processor() + ", " + Units.bytes(host.memoryBytes()) + ", " + host.os()
                + ", " + host.java();
    }

    private static String rates(final BenchResult result) {
        final TextTable table = new TextTable().row("operation", "count", "IOPS", "bandwidth");
        result.operations()
                .forEach((name, operation) -> table.row(
                        name,
                        Long.toString(operation.operations()),
                        Units.count(operation.iops()),
                        Units.bytes(operation.bytesPerSecond()) + "/s"));
        return table.render(INDENT);
    }

    private static String latencies(final BenchResult result) {
        final TextTable table =
                new TextTable().row("latency", "min", "mean", "p50", "p90", "p99", "p99.9", "p99.99", "max");
        for (final Map.Entry<String, OperationResult> entry :
                result.operations().entrySet()) {
            final LatencySummary latency = entry.getValue().latency();
            table.row(
                    entry.getKey(),
                    Units.time(latency.minNs()),
                    Units.time(latency.meanNs()),
                    Units.time(latency.p50Ns()),
                    Units.time(latency.p90Ns()),
                    Units.time(latency.p99Ns()),
                    Units.time(latency.p999Ns()),
                    Units.time(latency.p9999Ns()),
                    Units.time(latency.maxNs()));
        }
        return table.render(INDENT);
    }

    /** How many requests failed and how. */
    public static String failures(final BenchResult result) {
        return result.failed() + " requests FAILED: " + line(result.failures());
    }

    /** How far an open loop was from keeping its rate. */
    public static String neverBegun(final BenchResult result) {
        return result.neverBegun() + " requests were due but never begun: the target cannot keep the rate";
    }

    /** What verification found, as a sentence. */
    public static String sentence(final Verification verification) {
        return verification.mismatches() == 0
                ? "verified " + verification.blocks() + " blocks: all as written"
                : "verified " + verification.blocks() + " blocks: " + verification.mismatches() + " WRONG, the first: "
                        + verification.firstMismatch();
    }

    /** How long changes of the medium held requests back; exact, by nearest rank. */
    public static String pauses(final List<MediumChange> changes) {
        final long[] sorted =
                changes.stream().mapToLong(MediumChange::pauseNs).sorted().toArray();
        return "medium changed " + sorted.length + " times, pause p50 " + Units.time(rank(sorted, 0.5)) + ", p99 "
                + Units.time(rank(sorted, 0.99)) + ", max " + Units.time(sorted[sorted.length - 1]);
    }

    private static long rank(final long[] sorted, final double share) {
        return sorted[(int) Math.ceil(share * sorted.length) - 1];
    }
}
