package io.drivebay.perf.report;

import java.util.ArrayList;
import java.util.List;

/** A table of text: the first column to the left, the others to the right. */
final class TextTable {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();

    TextTable row(final List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    TextTable row(final String... cells) {
        return row(List.of(cells));
    }

    /** The table, each line indented and without trailing blanks. */
    String render(final String indent) {
        final int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        final int[] widths = new int[columns];
        for (final List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        final StringBuilder text = new StringBuilder();
        for (final List<String> row : rows) {
            final StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.size(); i++) {
                final String blanks = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? row.get(i) + blanks : GAP + blanks + row.get(i));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }
}
