package io.drivebay.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 ns",
        "999, 999 ns",
        "1000, 1.00 µs",
        "45123, 45.1 µs",
        "999400, 999 µs",
        "999600, 1.00 ms",
        "2500000, 2.50 ms",
        "1200000000, 1.20 s",
        "61000000000, 61.0 s"
    })
    void timesHaveThreeDigits(final double nanoseconds, final String text) {
        assertEquals(text, Units.time(nanoseconds));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "85, 85", "12.5, 12.5", "999, 999", "1000, 1.00k", "85123, 85.1k", "2040000, 2.04M"})
    void countsGoByThousands(final double value, final String text) {
        assertEquals(text, Units.count(value));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "512, 512 B", "4096, 4 KiB", "1610612736, 1.50 GiB", "348126085, 332 MiB"})
    void sizesGoByPowersOf1024(final double value, final String text) {
        assertEquals(text, Units.bytes(value));
    }
}
