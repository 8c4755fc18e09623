package io.drivebay.cli.options;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

final class ConvertersTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "4096, 4096",
        "4096B, 4096",
        "64k, 65536",
        "64K, 65536",
        "1M, 1048576",
        "10g, 10737418240",
        "2T, 2199023255552"
    })
    void sizesAreBytesOrPowersOf1024(final String text, final long bytes) {
        assertEquals(bytes, new SizeConverter().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "k", "-1", "1.5M", "1MB", "0x10", "9223372036854775807k", "99999999999999999999"})
    void whatIsNoSizeIsRefused(final String text) {
        assertThrows(TypeConversionException.class, () -> new SizeConverter().convert(text));
    }

    @ParameterizedTest
    @CsvSource({"500, 500", "20k, 20000", "1M, 1000000"})
    void ratesGoByThousands(final String text, final long rate) {
        assertEquals(rate, new RateConverter().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-5", "fast", "1G", ""})
    void whatIsNoRateIsRefused(final String text) {
        assertThrows(TypeConversionException.class, () -> new RateConverter().convert(text));
    }

    @ParameterizedTest
    @CsvSource({"10, 10000", "10s, 10000", "500ms, 500", "2m, 120000", "1H, 3600000"})
    void timesAreSecondsOrHaveAUnit(final String text, final long milliseconds) {
        assertEquals(Duration.ofMillis(milliseconds), new DurationConverter().convert(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1", "1.5s", "1d", "10 s", "9999999999"})
    void whatIsNoTimeIsRefused(final String text) {
        assertThrows(TypeConversionException.class, () -> new DurationConverter().convert(text));
    }
}
