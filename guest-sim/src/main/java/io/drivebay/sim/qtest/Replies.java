package io.drivebay.sim.qtest;

import java.nio.charset.StandardCharsets;

/**
 * The lines that a session sends. Before each reply come the interrupts that have changed until then. Allocates nothing
 * for the replies to register accesses. The session's thread.
 */
final class Replies {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] OK = ascii("OK");
    private static final byte[] FAIL = ascii("FAIL ");
    private static final byte[] PREFIX = ascii(" 0x");
    private static final byte[] RAISE = ascii("IRQ raise ");
    private static final byte[] LOWER = ascii("IRQ lower ");
    private static final int PORT_DIGITS = 4;
    private static final int MEMORY_DIGITS = 16;

    private final SendBuffer target;
    private final LineEvents events;
    private final QtestLog log;
    private final LineEvents.Sink tellEvent = this::event;

    Replies(final SendBuffer target, final LineEvents events, final QtestLog log) {
        this.target = target;
        this.events = events;
        this.log = log;
    }

    static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    // ---- pieces of lines ----

    /** One character of the line that is being sent. */
    void put(final int character) {
        log.sent(character);
        target.put(character);
    }

    private void put(final byte[] text) {
        for (final byte character : text) {
            put(character);
        }
    }

    /** Two digits of a byte. */
    void putHex(final int value) {
        put(DIGITS[value >> 4 & 15]);
        put(DIGITS[value & 15]);
    }

    private void putHex(final long value, final int leastDigits) {
        final int significant = (Long.SIZE + 3 - Long.numberOfLeadingZeros(value)) / 4;
        for (int digit = Math.max(leastDigits, significant) - 1; digit >= 0; digit--) {
            put(DIGITS[(int) (value >>> (4 * digit)) & 15]);
        }
    }

    private void putDecimal(final long value) {
        if (value >= 10) {
            putDecimal(value / 10);
        }
        put('0' + (int) (value % 10));
    }

    void endLine() {
        put('\n');
    }

    // ---- lines ----

    /** Tells the interrupts that have changed. */
    void events() {
        events.drainTo(tellEvent);
    }

    private void event(final int line, final boolean level) {
        put(level ? RAISE : LOWER);
        putDecimal(line);
        endLine();
    }

    /** Begins a line with {@code OK}. */
    void beginOk() {
        events();
        put(OK);
    }

    void ok() {
        beginOk();
        endLine();
    }

    /** OK with what a port has read. */
    void okPort(final int value) {
        okHex(Integer.toUnsignedLong(value), PORT_DIGITS);
    }

    /** OK with what memory has read. */
    void okMemory(final long value) {
        okHex(value, MEMORY_DIGITS);
    }

    private void okHex(final long value, final int leastDigits) {
        beginHex();
        putHex(value, leastDigits);
        endLine();
    }

    /** Begins a line with OK and the prefix of a hexadecimal number. */
    void beginHex() {
        beginOk();
        put(PREFIX);
    }

    /** OK with a decimal number that is not negative. */
    void okDecimal(final long value) {
        beginOk();
        put(' ');
        putDecimal(value);
        endLine();
    }

    void okText(final String text) {
        beginOk();
        put(' ');
        put(ascii(text));
        endLine();
    }

    void fail(final String why) {
        events();
        put(FAIL);
        put(ascii(why));
        endLine();
    }
}
