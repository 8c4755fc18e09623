package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;

/** Valid texts, changed at random as a seed says: each must be read, or refused as a reader says that it refuses. */
public final class Mutations {
    private static final int MOST_CHANGES = 4;
    private static final List<String> PIECES = List.of(
            "",
            " ",
            ",",
            ",,",
            "=",
            ".",
            ":",
            "/",
            "-",
            "#",
            " -> ",
            "\n",
            "\0",
            "\t",
            "{",
            "}",
            "[",
            "]",
            "'",
            "\"",
            "\\",
            "\\u0000",
            "\u00e9",
            "\ud83d\ude00",
            "\ud800",
            "0",
            "-1",
            "2147483647",
            "2147483648",
            "4294967295",
            "9223372036854775807",
            "9223372036854775808",
            "999999999999999999999999",
            "0e999223372036854775807",
            "1e999223372036854775807",
            "1.5",
            "0x7fffffff",
            "k",
            "T",
            "P",
            "null",
            "true",
            "json:{",
            "[".repeat(2000),
            "9".repeat(2000));

    private final Random random;
    private final List<String> valid;

    private Mutations(final long seed, final List<String> valid) {
        this.random = new Random(seed);
        this.valid = valid;
    }

    /** What reads a text. */
    @FunctionalInterface
    public interface Reader {
        @SuppressWarnings("checkstyle:IllegalThrows") // a claim is a test's body
        void read(String text) throws Exception;
    }

    /**
     * Has a number of changed texts read.
     *
     * @param refusals the exceptions by which the reader refuses
     * @throws AssertionError with the text when the reader throws anything else, when it refuses a valid text, and when it
     *     does not both read and refuse some of the changed ones
     */
    @SuppressWarnings("IllegalCatch") // whatever goes wrong is told with its text
    public static void check(
            final int count, final List<String> valid, final Reader reader, final List<Class<?>> refusals) {
        final Mutations mutations = new Mutations(1, valid);
        int refused = 0;
        for (int i = -valid.size(); i < count; i++) {
            final String text = i < 0 ? valid.get(i + valid.size()) : mutations.next();
            try {
                reader.read(text);
            } catch (final Exception | StackOverflowError e) {
                if (i < 0 || refusals.stream().noneMatch(refusal -> refusal.isInstance(e))) {
                    throw new AssertionError("text " + i + ": " + shown(text), e);
                }
                refused++;
            }
        }
        assertTrue(refused > 0 && refused < count, refused + " of " + count + " were refused");
    }

    private static String shown(final String text) {
        return text.length() > 2000 ? text.substring(0, 2000) + "..." : text;
    }

    private String next() {
        final StringBuilder text = new StringBuilder(any(valid));
        for (int i = random.nextInt(MOST_CHANGES); i >= 0; i--) {
            change(text);
        }
        return text.toString();
    }

    private String any(final List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private void change(final StringBuilder text) {
        final int from = random.nextInt(text.length() + 1);
        final int to = Math.min(text.length(), from + random.nextInt(8));
        switch (random.nextInt(6)) {
            case 0 -> text.delete(from, to);
            case 1 -> text.insert(from, text.substring(from, to));
            case 2 -> text.insert(from, any(PIECES));
            case 3 -> text.replace(from, to, any(PIECES));
            case 4 -> replaceNumber(text, from);
            default -> text.replace(from, text.length(), tail(any(valid)));
        }
    }

    private String tail(final String other) {
        return other.substring(random.nextInt(other.length() + 1));
    }

    /** The next number behind a place becomes another one. */
    private void replaceNumber(final StringBuilder text, final int from) {
        int begin = from;
        while (begin < text.length() && !Character.isDigit(text.charAt(begin))) {
            begin++;
        }
        int end = begin;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        text.replace(begin, end, any(PIECES.subList(PIECES.indexOf("0"), PIECES.indexOf("k"))));
    }
}
