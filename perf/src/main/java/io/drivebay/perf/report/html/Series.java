package io.drivebay.perf.report.html;

import java.util.ArrayList;
import java.util.List;

/** One line of a chart. */
final class Series {
    /** How a line is drawn, so that it can be told from others without its colour. */
    enum Stroke {
        SOLID("none"),
        DASHED("6 4"),
        DOTTED("1.5 4");

        private final String dashes;

        Stroke(final String dashes) {
            this.dashes = dashes;
        }

        String dashes() {
            return dashes;
        }
    }

    /**
     * One point.
     *
     * @param tip what is said of it when it is pointed at
     */
    record Point(double x, double y, String tip) {}

    private final String name;
    private final int colour;
    private final Stroke stroke;
    private final List<Point> points = new ArrayList<>();

    /** A line without points; colours count from 0. */
    Series(final String name, final int colour, final Stroke stroke) {
        this.name = name;
        this.colour = colour;
        this.stroke = stroke;
    }

    void add(final double x, final double y, final String tip) {
        points.add(new Point(x, y, tip));
    }

    String name() {
        return name;
    }

    int colour() {
        return colour;
    }

    Stroke stroke() {
        return stroke;
    }

    List<Point> points() {
        return points;
    }
}
