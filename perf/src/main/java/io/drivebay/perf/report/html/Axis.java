package io.drivebay.perf.report.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;

/**
 * One side of a chart: maps values to places from 0 to 1, and knows where its ticks are.
 *
 * @param label what it measures
 * @param low value at 0
 * @param high value at 1
 * @param logarithmic whether equal ratios, not equal differences, are equally far apart; then low is above 0
 * @param ticks in rising order
 */
record Axis(String label, double low, double high, boolean logarithmic, List<Tick> ticks) {
    private static final int MOST_TICKS = 8;

    /**
     * A place with a name.
     *
     * @param value where
     * @param text its name; empty for a line without one
     */
    record Tick(double value, String text) {}

    /** A linear axis from 0 to a round number not below a value. */
    static Axis linear(final String label, final double high, final DoubleFunction<String> text) {
        final double step = roundStep(Math.max(high, 1e-9) / MOST_TICKS);
        final int steps = (int) Math.max(1, Math.ceil(high / step - 1e-9));
        final List<Tick> ticks = new ArrayList<>();
        for (int i = 0; i <= steps; i++) {
            ticks.add(new Tick(i * step, text.apply(i * step)));
        }
        return new Axis(label, 0, steps * step, false, ticks);
    }

    private static double roundStep(final double least) {
        final double power = Math.pow(10, Math.floor(Math.log10(least)));
        for (final int factor : new int[] {1, 2, 5}) {
            if (power * factor >= least * (1 - 1e-9)) {
                return power * factor;
            }
        }
        return power * 10;
    }

    /** A logarithmic axis over at least the values given, with ticks at 1, 2 and 5 of each power of ten. */
    static Axis logarithmic(
            final String label, final double least, final double most, final DoubleFunction<String> text) {
        final double low = Math.pow(10, Math.floor(Math.log10(Math.max(1, least))));
        double high = low;
        final List<Tick> ticks = new ArrayList<>();
        ticks.add(new Tick(low, text.apply(low)));
        final int[] factors = {2, 5, 10};
        for (double decade = low; high < most || ticks.size() == 1; decade *= 10) {
            for (int i = 0; i < factors.length && (high < most || ticks.size() == 1); i++) {
                high = decade * factors[i];
                ticks.add(new Tick(high, text.apply(high)));
            }
        }
        return new Axis(label, low, high, true, thinned(ticks));
    }

    private static List<Tick> thinned(final List<Tick> ticks) {
        if (ticks.size() <= MOST_TICKS * 2) {
            return ticks;
        }
        final List<Tick> decades = new ArrayList<>();
        for (int i = 0; i < ticks.size(); i += 3) {
            decades.add(ticks.get(i));
        }
        return decades;
    }

    /** An axis of percentiles, as far apart as what lies beyond them is rare. Values are {@link #rarity}. */
    static Axis percentiles(final String label, final double rarest) {
        final int decades = (int) Math.max(2, Math.ceil(Math.log10(rarest) - 1e-9));
        final List<Tick> ticks = new ArrayList<>();
        ticks.add(new Tick(1, "0%"));
        ticks.add(new Tick(2, "50%"));
        for (int decade = 1; decade <= decades; decade++) {
            ticks.add(new Tick(Math.pow(10, decade), percentText(decade)));
        }
        return new Axis(label, 1, Math.pow(10, decades), true, ticks);
    }

    private static String percentText(final int nines) {
        return nines == 1
                ? "90%"
                : String.format(Locale.ROOT, "%." + Math.max(0, nines - 2) + "f%%", 100 - Math.pow(10, 2 - nines));
    }

    /** One in how many lies beyond a percentile. */
    static double rarity(final double percentile) {
        return 1 / (1 - percentile / 100);
    }

    /** Where a value lies: 0 at the low end, 1 at the high end; values beyond an end lie at it. */
    double place(final double value) {
        final double bounded = Math.min(high, Math.max(low, value));
        return logarithmic
                ? (Math.log(bounded) - Math.log(low)) / (Math.log(high) - Math.log(low))
                : (bounded - low) / (high - low);
    }
}
