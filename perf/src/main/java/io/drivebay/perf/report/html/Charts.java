package io.drivebay.perf.report.html;

import io.drivebay.perf.report.Units;
import io.drivebay.perf.report.html.Series.Stroke;
import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.IntervalPoint;
import io.drivebay.perf.result.MediumChange;
import io.drivebay.perf.result.OperationResult;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.HdrHistogram.Histogram;

/** The charts of a page: percentile curves, latency over time, rate over time; several results overlaid. */
final class Charts {
    private static final int POINTS_A_DECADE = 20;
    private static final double NS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<BenchResult> results;

    Charts(final List<BenchResult> results) {
        this.results = results;
    }

    /** Latency by percentile: what lies beyond 99.9 % is as wide as what lies between 90 and 99. */
    LineChart percentiles() {
        double most = 1;
        double count = 100;
        double least = Double.MAX_VALUE;
        for (final BenchResult result : results) {
            for (final OperationResult operation : result.operations().values()) {
                most = Math.max(most, (double) operation.latency().maxNs());
                least = Math.min(least, (double) operation.latency().minNs());
                count = Math.max(count, (double) operation.operations());
            }
        }
        final Axis x = Axis.percentiles("percentile", count);
        final LineChart chart = new LineChart(
                "Latency by percentile", x, Axis.logarithmic("latency", Math.min(least, most), most, Units::time));
        int colour = 0;
        for (final BenchResult result : results) {
            for (final Map.Entry<String, OperationResult> entry :
                    result.operations().entrySet()) {
                chart.add(curve(label(result, entry.getKey()), colour++, entry.getValue()));
            }
        }
        return chart;
    }

    private static Series curve(final String name, final int colour, final OperationResult operation) {
        final Series series = new Series(name, colour, Stroke.SOLID);
        final Histogram histogram = operation.decodeHistogram();
        final double rarest = Math.max(1, histogram.getTotalCount());
        final int steps = (int) Math.floor(Math.log10(rarest) * POINTS_A_DECADE);
        for (int i = 0; i <= steps; i++) {
            final double rarity = Math.pow(10, i / (double) POINTS_A_DECADE);
            final double percentile = 100 - 100 / rarity;
            final long latencyNs = histogram.getValueAtPercentile(percentile);
            series.add(rarity, (double) latencyNs, percent(percentile) + " within " + Units.time(latencyNs));
        }
        return series;
    }

    private static String percent(final double percentile) {
        final String pattern = percentile < 99 ? "%.1f%%" : percentile < 99.99 ? "%.3f%%" : "%.6f%%";
        return String.format(Locale.ROOT, pattern, percentile);
    }

    /** Median, 99th percentile and longest latency of each stretch. */
    LineChart latencyOverTime() {
        double most = 1;
        double least = Double.MAX_VALUE;
        for (final BenchResult result : results) {
            for (final IntervalPoint point : result.intervals()) {
                most = Math.max(most, (double) point.maxNs());
                least = point.operations() == 0 ? least : Math.min(least, (double) point.p50Ns());
            }
        }
        final Axis y = Axis.logarithmic("latency", Math.min(least, most), most, Units::time);
        final LineChart chart = new LineChart("Latency over time", timeAxis(), y);
        int colour = 0;
        for (final BenchResult result : results) {
            for (final String operation : result.operations().keySet()) {
                final String label = label(result, operation);
                chart.add(
                        overTime(result, operation, new Series(label + " p50", colour, Stroke.SOLID), p -> p.p50Ns()));
                chart.add(
                        overTime(result, operation, new Series(label + " p99", colour, Stroke.DASHED), p -> p.p99Ns()));
                chart.add(
                        overTime(result, operation, new Series(label + " max", colour, Stroke.DOTTED), p -> p.maxNs()));
                colour++;
            }
        }
        return marked(chart);
    }

    private static Series overTime(
            final BenchResult result,
            final String operation,
            final Series series,
            final ToDoubleFunction<IntervalPoint> value) {
        for (final IntervalPoint point : result.intervals()) {
            if (point.operation().equals(operation) && point.operations() > 0) {
                final double latencyNs = value.applyAsDouble(point);
                series.add(seconds(point), latencyNs, Units.time(latencyNs) + " at " + clock(seconds(point)));
            }
        }
        return series;
    }

    /** Operations a second in each stretch. */
    LineChart rateOverTime() {
        double most = 1;
        for (final BenchResult result : results) {
            for (final IntervalPoint point : result.intervals()) {
                most = Math.max(most, rate(point));
            }
        }
        final LineChart chart = new LineChart(
                "Operations a second over time", timeAxis(), Axis.linear("operations a second", most, Units::count));
        int colour = 0;
        for (final BenchResult result : results) {
            for (final String operation : result.operations().keySet()) {
                final Series series = new Series(label(result, operation), colour++, Stroke.SOLID);
                for (final IntervalPoint point : result.intervals()) {
                    if (point.operation().equals(operation)) {
                        final String tip = Units.count(rate(point)) + "/s at " + clock(seconds(point));
                        series.add(seconds(point), rate(point), tip);
                    }
                }
                chart.add(series);
            }
        }
        return marked(chart);
    }

    private LineChart marked(final LineChart chart) {
        for (final BenchResult result : results) {
            for (final MediumChange change : result.mediumChanges()) {
                chart.mark(change.atNs() / NS_PER_SECOND, "medium changed, pause " + Units.time(change.pauseNs()));
            }
        }
        return chart;
    }

    private Axis timeAxis() {
        double latest = 0.1;
        for (final BenchResult result : results) {
            latest = Math.max(latest, result.durationNs() / NS_PER_SECOND);
        }
        return Axis.linear("seconds since the begin of the measured time", latest, Charts::trimmed);
    }

    private String label(final BenchResult result, final String operation) {
        return results.size() == 1 ? operation : result.name() + " " + operation;
    }

    private static double rate(final IntervalPoint point) {
        return point.operations() * NS_PER_SECOND / Math.max(1, point.durationNs());
    }

    private static double seconds(final IntervalPoint point) {
        return (point.startNs() + point.durationNs() / 2.0) / NS_PER_SECOND;
    }

    private static String clock(final double seconds) {
        return String.format(Locale.ROOT, "%.2f s", seconds);
    }

    private static String trimmed(final double seconds) {
        final String text = String.format(Locale.ROOT, "%.2f", seconds);
        return text.replaceAll("\\.?0+$", "");
    }
}
