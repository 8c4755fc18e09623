package io.drivebay.perf.report;

import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.OperationResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;

/** Results side by side: each figure, and its ratio to that of the first result. */
public final class Comparison {
    private static final String ABSENT = "-";

    /** One figure of an operation that is worth comparing. */
    private record Figure(String label, ToDoubleFunction<OperationResult> value, DoubleFunction<String> text) {}

    private static final List<Figure> FIGURES = List.of(
            new Figure("IOPS", OperationResult::iops, Units::count),
            new Figure("bandwidth", OperationResult::bytesPerSecond, value -> Units.bytes(value) + "/s"),
            new Figure("p50", operation -> operation.latency().p50Ns(), Units::time),
            new Figure("p99", operation -> operation.latency().p99Ns(), Units::time),
            new Figure("p99.9", operation -> operation.latency().p999Ns(), Units::time),
            new Figure("max", operation -> operation.latency().maxNs(), Units::time));

    private Comparison() {}

    /** The table as text. */
    public static String text(final List<BenchResult> results) {
        final TextTable table = new TextTable();
        rows(results).forEach(table::row);
        return table.render("");
    }

    /** The table: a row of headings, then one row for each operation and figure. */
    public static List<List<String>> rows(final List<BenchResult> results) {
        final List<List<String>> rows = new ArrayList<>();
        final List<String> headings = new ArrayList<>(List.of("figure"));
        for (int i = 0; i < results.size(); i++) {
            headings.add(results.get(i).name());
            if (i > 0) {
                headings.add("ratio");
            }
        }
        rows.add(headings);
        final Set<String> operations = new TreeSet<>();
        results.forEach(result -> operations.addAll(result.operations().keySet()));
        for (final String operation : operations) {
            for (final Figure figure : FIGURES) {
                rows.add(row(results, operation, figure));
            }
        }
        return rows;
    }

    private static List<String> row(final List<BenchResult> results, final String operation, final Figure figure) {
        final List<String> cells = new ArrayList<>(List.of(operation + " " + figure.label));
        final double first = value(results.get(0).operations(), operation, figure);
        for (int i = 0; i < results.size(); i++) {
            final double value = value(results.get(i).operations(), operation, figure);
            cells.add(Double.isNaN(value) ? ABSENT : figure.text.apply(value));
            if (i > 0) {
                final double ratio = value / first;
                cells.add(Double.isFinite(ratio) ? Units.format("%.3f", ratio) : ABSENT);
            }
        }
        return cells;
    }

    private static double value(
            final Map<String, OperationResult> operations, final String operation, final Figure figure) {
        final OperationResult found = operations.get(operation);
        return found == null ? Double.NaN : figure.value.applyAsDouble(found);
    }
}
