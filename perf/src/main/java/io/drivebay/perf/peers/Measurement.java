package io.drivebay.perf.peers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One figure that is measured again and again; its median counts. */
final class Measurement {
    /** Takes the figure once. */
    @FunctionalInterface
    interface Probe {
        double measure() throws IOException;
    }

    private final Probe probe;
    private final List<Double> figures = new ArrayList<>();

    Measurement(final Probe probe) {
        this.probe = probe;
    }

    double take() throws IOException {
        return probe.measure();
    }

    void keep(final double figure) {
        figures.add(figure);
    }

    /** The median of what has been measured, the lower one of two in the middle; NaN when that is nothing. */
    double median() {
        final List<Double> sorted = new ArrayList<>(figures);
        Collections.sort(sorted);
        return sorted.isEmpty() ? Double.NaN : sorted.get((sorted.size() - 1) / 2);
    }

    List<Double> figures() {
        return Collections.unmodifiableList(figures);
    }
}
