package io.drivebay.perf.report;

import java.util.Locale;

/** Numbers with units, short and with three or four digits that count. */
public final class Units {
    private static final String[] COUNTS = {"", "k", "M", "G", "T"};
    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Units() {}

    /** A time such as {@code 950 ns}, {@code 12.3 µs}, {@code 4.56 ms} or {@code 1.20 s}. */
    public static String time(final double nanoseconds) {
        if (nanoseconds < 999.5) {
            return format("%.0f ns", nanoseconds);
        }
        if (nanoseconds < 999.5e3) {
            return digits(nanoseconds / 1e3) + " µs";
        }
        return nanoseconds < 999.5e6 ? digits(nanoseconds / 1e6) + " ms" : digits(nanoseconds / 1e9) + " s";
    }

    /** A whole number of nanoseconds, as {@link #time(double)}. */
    public static String time(final long nanoseconds) {
        return time((double) nanoseconds);
    }

    /** A count such as {@code 85}, {@code 85.1k} or {@code 2.04M}; powers of 1000. */
    public static String count(final double value) {
        double left = value;
        int power = 0;
        while (left >= 999.5 && power < COUNTS.length - 1) {
            left /= 1000;
            power++;
        }
        return power == 0 ? format(left == Math.rint(left) ? "%.0f" : "%.1f", left) : digits(left) + COUNTS[power];
    }

    /** A size such as {@code 512 B} or {@code 1.50 GiB}; powers of 1024. */
    public static String bytes(final double value) {
        double left = value;
        int power = 0;
        while (left >= 1023.5 && power < BYTES.length - 1) {
            left /= 1024;
            power++;
        }
        return (left == Math.rint(left) ? format("%.0f", left) : digits(left)) + " " + BYTES[power];
    }

    /** A whole count, as {@link #count(double)}. */
    public static String count(final long value) {
        return count((double) value);
    }

    /** A whole number of bytes, as {@link #bytes(double)}. */
    public static String bytes(final long value) {
        return bytes((double) value);
    }

    private static String digits(final double value) {
        final String pattern = value >= 99.95 ? "%.0f" : value >= 9.995 ? "%.1f" : "%.2f";
        return format(pattern, value);
    }

    static String format(final String pattern, final Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
