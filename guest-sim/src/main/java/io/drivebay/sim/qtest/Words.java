package io.drivebay.sim.qtest;

import org.jspecify.annotations.Nullable;

/**
 * The words of a line, one after the other. What cannot be read as what it should be is remembered as the line's fault,
 * and the commands look at that once, when they have all that they want. Allocates nothing. One thread only.
 */
final class Words {
    private static final int DECIMAL = 10;
    private static final int HEX = 16;
    private static final int OCTAL = 8;

    private byte[] bytes = {};
    private int at;
    private int end;
    private int wordStart;
    private int wordEnd;
    private @Nullable String fault;

    /** Begins with a line. */
    void begin(final byte[] line, final int from, final int to) {
        bytes = line;
        at = from;
        end = to;
        wordStart = from;
        wordEnd = from;
        fault = null;
    }

    /** Moves to the next word; false, and the word is empty, when there is none. */
    boolean next() {
        while (at < end && bytes[at] == ' ') {
            at++;
        }
        wordStart = at;
        while (at < end && bytes[at] != ' ') {
            at++;
        }
        wordEnd = at;
        return wordEnd > wordStart;
    }

    /** What was wrong with the line so far; null when nothing was. */
    @Nullable
    String fault() {
        return fault;
    }

    boolean good() {
        return fault == null;
    }

    /** Remembers what is wrong, unless something was before. */
    void fail(final String what) {
        if (fault == null) {
            fault = what;
        }
    }

    /** True when the present word is a name. */
    boolean is(final byte[] name) {
        if (wordEnd - wordStart != name.length) {
            return false;
        }
        for (int i = 0; i < name.length; i++) {
            if (bytes[wordStart + i] != name[i]) {
                return false;
            }
        }
        return true;
    }

    /** The present word, for messages: printable ASCII, not too long. */
    String shown() {
        final StringBuilder text = new StringBuilder();
        final int limit = Math.min(wordEnd, wordStart + 64);
        for (int i = wordStart; i < limit; i++) {
            text.append(bytes[i] > ' ' && bytes[i] < 0x7f ? (char) bytes[i] : '?');
        }
        return text.toString();
    }

    byte[] bytes() {
        return bytes;
    }

    /** Where the present word begins in {@link #bytes}. */
    int wordStart() {
        return wordStart;
    }

    /** Where the present word ends. */
    int wordEnd() {
        return wordEnd;
    }

    // ---- numbers ----

    /** The next word as C's strtoul reads it with base 0: 64 bits, unsigned. */
    long number() {
        if (!next()) {
            fail("an argument is missing");
            return 0;
        }
        return parse();
    }

    /** The next word as a number within bounds; {@code what} is the fault of one beyond. */
    long number(final long least, final long most, final String what) {
        return bounded(number(), least, most, what);
    }

    /** The present word as a number within bounds. */
    long present(final long least, final long most, final String what) {
        return bounded(parse(), least, most, what);
    }

    private long bounded(final long value, final long least, final long most, final String what) {
        if (value < least || value > most) {
            fail(what);
            return least;
        }
        return value;
    }

    private long parse() {
        int from = wordStart;
        int base = DECIMAL;
        if (bytes[from] == '0' && wordEnd - from > 1) {
            final boolean hex = (bytes[from + 1] | 0x20) == 'x';
            base = hex ? HEX : OCTAL;
            from += hex ? 2 : 1;
        }
        final long most = Long.divideUnsigned(-1L, base);
        long value = 0;
        boolean digits = false;
        for (int i = from; i < wordEnd; i++) {
            final int digit = digit(bytes[i]);
            if (digit < 0 || digit >= base) {
                fail("an argument is no number");
                return 0;
            }
            if (Long.compareUnsigned(value, most) > 0 || Long.compareUnsigned(value * base, -1L - digit) > 0) {
                fail("a number is too large");
                return 0;
            }
            value = value * base + digit;
            digits = true;
        }
        if (!digits) {
            fail("an argument is no number");
        }
        return value;
    }

    /** The value of a hexadecimal digit; -1 for anything else. */
    static int digit(final byte character) {
        if (character >= '0' && character <= '9') {
            return character - '0';
        }
        final int letter = character | 0x20;
        return letter >= 'a' && letter <= 'f' ? letter - 'a' + DECIMAL : -1;
    }
}
