package io.drivebay.perf.report.html;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.perf.report.Units;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AxisTest {
    private static List<String> texts(final Axis axis) {
        return axis.ticks().stream().map(Axis.Tick::text).toList();
    }

    @Test
    void aLinearAxisGoesToTheNextRoundNumber() {
        final Axis axis = Axis.linear("rate", 77_000, Units::count);

        assertEquals(80_000, axis.high());
        assertEquals("80.0k", texts(axis).get(texts(axis).size() - 1));
    }

    @Test
    void eachNineIsAsWideAsTheOneBefore() {
        final Axis axis = Axis.percentiles("percentile", 10_000);

        assertEquals(0.25, axis.place(Axis.rarity(90)), 1e-9);
        assertEquals(0.5, axis.place(Axis.rarity(99)), 1e-9);
        assertEquals(0.75, axis.place(Axis.rarity(99.9)), 1e-9);
        assertEquals(List.of("0%", "50%", "90%", "99%", "99.9%", "99.99%"), texts(axis));
    }

    @Test
    void aLogarithmicAxisHasTicksAtOneTwoAndFive() {
        final Axis axis = Axis.logarithmic("latency", 1200, 40_000, Units::time);

        assertEquals(List.of("1.00 µs", "2.00 µs", "5.00 µs", "10.0 µs", "20.0 µs", "50.0 µs"), texts(axis));
    }

    @Test
    void valuesBeyondAnEndLieAtIt() {
        final Axis axis = Axis.logarithmic("latency", 10, 1000, Units::time);

        assertEquals(0, axis.place(1));
        assertEquals(1, axis.place(5000));
    }

    @Test
    void anAxisOfOneValueStillHasTwoEnds() {
        final Axis axis = Axis.logarithmic("latency", 1, 1, Units::time);

        assertEquals(List.of("1 ns", "2 ns"), texts(axis));
    }
}
