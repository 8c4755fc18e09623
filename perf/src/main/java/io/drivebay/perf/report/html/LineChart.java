package io.drivebay.perf.report.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Lines over two axes, as an SVG element with a legend below it. */
final class LineChart {
    private static final int WIDTH = 920;
    private static final int HEIGHT = 380;
    private static final int LEFT = 84;
    private static final int RIGHT = 32;
    private static final int TOP = 14;
    private static final int BOTTOM = 52;
    /** Places that answer to the pointer; more than these on a line are thinned out. */
    private static final int MOST_TIPS = 150;

    private final String title;
    private final Axis x;
    private final Axis y;
    private final List<Series> lines = new ArrayList<>();
    private final List<Mark> marks = new ArrayList<>();

    private record Mark(double x, String tip) {}

    LineChart(final String title, final Axis x, final Axis y) {
        this.title = title;
        this.x = x;
        this.y = y;
    }

    LineChart add(final Series line) {
        lines.add(line);
        return this;
    }

    /** Something that happened, as a vertical line. */
    LineChart mark(final double at, final String tip) {
        marks.add(new Mark(at, tip));
        return this;
    }

    void render(final Markup out) {
        out.open("figure");
        out.leaf("figcaption", title);
        out.open("div", "class", "scroll");
        out.open(
                "svg",
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "role",
                "img",
                "aria-label",
                title + ": " + y.label() + " over " + x.label());
        drawGrid(out);
        marks.forEach(mark -> drawMark(out, mark));
        lines.forEach(line -> drawLine(out, line));
        out.close().close();
        drawLegend(out);
        out.close();
    }

    private void drawGrid(final Markup out) {
        for (final Axis.Tick tick : x.ticks()) {
            final String at = number(left(tick.value()));
            out.empty("line", "class", "grid", "x1", at, "x2", at, "y1", "" + TOP, "y2", "" + (HEIGHT - BOTTOM));
            out.leaf(
                    "text",
                    tick.text(),
                    "class",
                    "tick",
                    "x",
                    at,
                    "y",
                    "" + (HEIGHT - BOTTOM + 18),
                    "text-anchor",
                    "middle");
        }
        for (final Axis.Tick tick : y.ticks()) {
            final String at = number(top(tick.value()));
            out.empty("line", "class", "grid", "x1", "" + LEFT, "x2", "" + (WIDTH - RIGHT), "y1", at, "y2", at);
            out.leaf(
                    "text",
                    tick.text(),
                    "class",
                    "tick",
                    "x",
                    "" + (LEFT - 8),
                    "y",
                    number(top(tick.value()) + 4),
                    "text-anchor",
                    "end");
        }
        out.leaf(
                "text",
                x.label(),
                "class",
                "axis",
                "x",
                "" + (LEFT + (WIDTH - LEFT - RIGHT) / 2),
                "y",
                "" + (HEIGHT - 10),
                "text-anchor",
                "middle");
        final int middle = TOP + (HEIGHT - TOP - BOTTOM) / 2;
        out.leaf(
                "text",
                y.label(),
                "class",
                "axis",
                "x",
                "16",
                "y",
                "" + middle,
                "text-anchor",
                "middle",
                "transform",
                "rotate(-90 16 " + middle + ")");
    }

    private void drawMark(final Markup out, final Mark mark) {
        final String at = number(left(mark.x()));
        out.open("line", "class", "mark", "x1", at, "x2", at, "y1", "" + TOP, "y2", "" + (HEIGHT - BOTTOM));
        out.leaf("title", mark.tip()).close();
    }

    private void drawLine(final Markup out, final Series line) {
        final StringBuilder path = new StringBuilder();
        for (final Series.Point point : line.points()) {
            path.append(path.length() == 0 ? 'M' : 'L').append(number(left(point.x())));
            path.append(' ').append(number(top(point.y())));
        }
        out.empty(
                "path",
                "class",
                "line " + colourClass(line),
                "d",
                path.length() == 0 ? "M0 0" : path.toString(),
                "stroke-dasharray",
                line.stroke().dashes());
        final int step = line.points().size() / MOST_TIPS + 1;
        for (int i = 0; i < line.points().size(); i += step) {
            final Series.Point point = line.points().get(i);
            out.open(
                    "circle",
                    "class",
                    "tip " + colourClass(line),
                    "cx",
                    number(left(point.x())),
                    "cy",
                    number(top(point.y())),
                    "r",
                    "5");
            out.leaf("title", line.name() + ": " + point.tip()).close();
        }
    }

    private void drawLegend(final Markup out) {
        out.open("ul", "class", "legend");
        for (final Series line : lines) {
            out.open("li").open("svg", "viewBox", "0 0 30 8", "class", "key", "aria-hidden", "true");
            out.empty(
                    "path",
                    "class",
                    "line " + colourClass(line),
                    "d",
                    "M0 4L30 4",
                    "stroke-dasharray",
                    line.stroke().dashes());
            out.close().text(line.name()).close();
        }
        if (!marks.isEmpty()) {
            out.open("li").open("svg", "viewBox", "0 0 30 8", "class", "key", "aria-hidden", "true");
            out.empty("line", "class", "mark", "x1", "15", "x2", "15", "y1", "0", "y2", "8");
            out.close().text("medium changed").close();
        }
        out.close();
    }

    private static String colourClass(final Series line) {
        return "c" + line.colour() % Styles.COLOURS;
    }

    private double left(final double value) {
        return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
    }

    private double top(final double value) {
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(final double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
