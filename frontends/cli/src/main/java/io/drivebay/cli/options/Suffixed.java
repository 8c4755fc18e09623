package io.drivebay.cli.options;

import java.util.Optional;

/** Whole numbers with a letter for a power behind them. */
final class Suffixed {
    private Suffixed() {}

    /**
     * The number that a text stands for; empty when it is none or beyond a long.
     *
     * @param letters which letters there are; the first one stands for power 0
     * @param base what the powers are of
     */
    static Optional<Long> parse(final String text, final String letters, final long base) {
        final int power = text.isEmpty() ? -1 : letters.indexOf(text.charAt(text.length() - 1));
        final String digits = power < 0 ? text : text.substring(0, text.length() - 1);
        if (!digits.matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        try {
            long number = Long.parseLong(digits);
            for (int i = 0; i < power; i++) {
                number = Math.multiplyExact(number, base);
            }
            return Optional.of(number);
        } catch (final ArithmeticException e) {
            return Optional.empty();
        }
    }
}
