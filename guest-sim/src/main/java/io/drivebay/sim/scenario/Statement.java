package io.drivebay.sim.scenario;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of a scenario, checked against its verb.
 *
 * @param line its number in the file, from 1
 * @param text as it was written, without comment and outcome
 * @param verb what it does
 * @param words what stands behind the verb
 * @param options KEY=VALUE
 * @param expected the outcome after the arrow; null when the line has none
 */
record Statement(
        int line,
        String text,
        Verb verb,
        List<String> words,
        Map<String, String> options,
        @Nullable String expected) {
    private static final long KILO = 1024;
    private static final Map<String, Long> UNITS_NS =
            Map.of("ns", 1L, "us", 1_000L, "ms", 1_000_000L, "s", 1_000_000_000L);
    private static final int MOST_DIGITS = 15;

    /** The word at a place. */
    String word(final int index) {
        return words.get(index);
    }

    /** The word at a place; null when there are not so many. */
    @Nullable
    String wordOrNull(final int index) {
        return index < words.size() ? words.get(index) : null;
    }

    /** True when one of the words is this one. */
    boolean has(final String flag) {
        return words.contains(flag);
    }

    String option(final String key, final String fallback) {
        return options.getOrDefault(key, fallback);
    }

    /** The whole number at a place. */
    int number(final int index) {
        return Math.toIntExact(number(word(index)));
    }

    int number(final String key, final int fallback) {
        final String value = options.get(key);
        return value == null ? fallback : Math.toIntExact(number(value));
    }

    /** A whole number, decimal or with 0x, that may end in k, M or G. */
    static long number(final String text) {
        final int suffix = text.isEmpty() ? -1 : "kMG".indexOf(text.charAt(text.length() - 1));
        final String digits = suffix < 0 ? text : text.substring(0, text.length() - 1);
        final boolean hex = digits.startsWith("0x");
        final String figures = hex ? digits.substring(2) : digits;
        if (figures.length() > MOST_DIGITS || !figures.matches(hex ? "[0-9a-fA-F]+" : "[0-9]+")) {
            throw new IllegalArgumentException("'" + text + "' is no number");
        }
        long number = Long.parseLong(figures, hex ? 16 : 10);
        for (int i = 0; i <= suffix; i++) {
            number = Math.multiplyExact(number, KILO);
        }
        return number;
    }

    /** Nanoseconds of a time such as 250us. */
    static long timeNs(final String text) {
        final String digits = text.replaceFirst("[a-z]+$", "");
        final Long unit = UNITS_NS.get(text.substring(digits.length()));
        if (unit == null) {
            throw new IllegalArgumentException("'" + text + "' is no time: a number with ns, us, ms or s");
        }
        return Math.multiplyExact(number(digits), unit);
    }

    /** Bytes in hexadecimal, one a word. */
    int[] bytes() {
        return words.stream()
                .mapToInt(word -> {
                    if (!word.matches("[0-9a-fA-F]{2}")) {
                        throw new IllegalArgumentException("'" + word + "' is no byte: two hexadecimal digits");
                    }
                    return Integer.parseInt(word, 16);
                })
                .toArray();
    }

    /** All options but some, as a driver takes them. */
    Map<String, Object> driverOptions(final Set<String> without) {
        final Map<String, Object> left = new LinkedHashMap<>(options);
        left.keySet().removeAll(without);
        return left;
    }
}
