package io.drivebay.sim.qtest;

import io.drivebay.backend.context.Clock;
import io.drivebay.sim.machine.PcAccess;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/**
 * A machine at the other end of a qtest connection, QEMU's or our own, for the programs that run on a machine in this
 * process as well. One thread at a time.
 *
 * <p>Blocks of words and of memory go out in one piece and come back in one, not word by word. Register accesses
 * allocate nothing. A machine that goes away in the middle of an access is an {@link UncheckedIOException}; one that
 * answers with FAIL an {@link IllegalStateException} with what it said.
 */
public final class QtestClient implements PcAccess, AutoCloseable {
    private static final int WORDS_AT_ONCE = 1024;
    private static final int MEMORY_AT_ONCE = 16 << 10;
    private static final int MOST_POSTED = 64;
    private static final byte[] OK = Replies.ascii("OK");
    private static final byte[] IRQ = Replies.ascii("IRQ");
    private static final byte[] RAISE = Replies.ascii("raise");

    private final LineChannel channel;
    private final LineBuffer lines = new LineBuffer();
    private final Words words = new Words();
    private int levels;
    private long commands;
    private boolean posting;
    private int unanswered;

    /**
     * A client on a connected socket, which becomes its own.
     *
     * @param clock by which it decides how long to look for a reply before it sleeps
     */
    public QtestClient(final SocketChannel socket, final Clock clock) throws IOException {
        this.channel = new LineChannel(socket, clock);
    }

    /**
     * Lets writes to ports go out together with the next access that wants an answer, instead of waiting for each to be
     * acknowledged; or waits again. The machine carries everything out in the same order. One that fails is told of by a
     * later access.
     */
    public QtestClient postWrites(final boolean on) {
        acknowledge();
        posting = on;
        return this;
    }

    /** Waits until everything has been carried out that was posted. */
    private void acknowledge() {
        while (unanswered > 0) {
            unanswered--;
            reply();
        }
    }

    // ---- ports ----

    @Override
    public int inb(final int port) {
        return (int) ask("inb ", port);
    }

    @Override
    public int inw(final int port) {
        return (int) ask("inw ", port);
    }

    @Override
    public int inl(final int port) {
        return (int) ask("inl ", port);
    }

    @Override
    public void outb(final int port, final int value) {
        tell("outb ", port, value & 0xff);
    }

    @Override
    public void outw(final int port, final int value) {
        tell("outw ", port, value & 0xffff);
    }

    @Override
    public void outl(final int port, final int value) {
        tell("outl ", port, Integer.toUnsignedLong(value));
    }

    @Override
    public void insw(final int port, final byte[] target, final int offset, final int count) {
        for (int done = 0; done < count; ) {
            final int now = Math.min(WORDS_AT_ONCE, count - done);
            for (int i = 0; i < now; i++) {
                put("inw ");
                putHex(port);
                endCommand();
            }
            for (int i = done; i < done + now; i++) {
                final int word = (int) number();
                target[offset + 2 * i] = (byte) word;
                target[offset + 2 * i + 1] = (byte) (word >> 8);
            }
            done += now;
        }
    }

    @Override
    public void outsw(final int port, final byte[] source, final int offset, final int count) {
        for (int done = 0; done < count; ) {
            final int now = Math.min(WORDS_AT_ONCE, count - done);
            for (int i = done; i < done + now; i++) {
                put("outw ");
                putHex(port);
                put(" ");
                putHex((source[offset + 2 * i] & 0xff) | (source[offset + 2 * i + 1] & 0xff) << 8);
                endCommand();
            }
            unanswered += now;
            acknowledge();
            done += now;
        }
    }

    // ---- memory ----

    @Override
    public void read(final long address, final byte[] target, final int offset, final int length) {
        for (int done = 0; done < length; ) {
            final int now = Math.min(MEMORY_AT_ONCE, length - done);
            put("read ");
            putHex(address + done);
            put(" ");
            putHex(now);
            endCommand();
            replyWithWord();
            takeHex(target, offset + done, now);
            done += now;
        }
    }

    private void takeHex(final byte[] target, final int offset, final int length) {
        if (words.wordEnd() - words.wordStart() != 2 + 2 * length) {
            throw new IllegalStateException("a read of " + length + " bytes was answered with "
                    + (words.wordEnd() - words.wordStart()) + " characters");
        }
        final byte[] line = words.bytes();
        int at = words.wordStart() + 2;
        for (int i = 0; i < length; i++) {
            target[offset + i] = (byte) (Words.digit(line[at++]) << 4 | Words.digit(line[at++]));
        }
    }

    @Override
    public void write(final long address, final byte[] source, final int offset, final int length) {
        for (int done = 0; done < length; ) {
            final int now = Math.min(MEMORY_AT_ONCE, length - done);
            put("write ");
            putHex(address + done);
            put(" ");
            putHex(now);
            put(" 0x");
            for (int i = 0; i < now; i++) {
                putDigit(source[offset + done + i] >> 4);
                putDigit(source[offset + done + i]);
            }
            endCommand();
            unanswered++;
            acknowledge();
            done += now;
        }
    }

    // ---- interrupts and time ----

    /** Has the machine tell of its interrupt lines from now on, so that {@link #interrupt} knows them. */
    public void interceptInterrupts() {
        put("irq_intercept_in ioapic");
        endCommand();
        unanswered++;
        acknowledge();
    }

    @Override
    public boolean interrupt(final int line) {
        acknowledge();
        return (levels >> line & 1) != 0;
    }

    /** Moves virtual time on; returns the time. QEMU can do this with its qtest accelerator only. */
    public long clockStep(final long nanoseconds) {
        put("clock_step ");
        putHex(nanoseconds);
        endCommand();
        return number();
    }

    /** How many commands have been sent. */
    public long commands() {
        return commands;
    }

    // ---- out ----

    private long ask(final String command, final long address) {
        put(command);
        putHex(address);
        endCommand();
        return number();
    }

    private void tell(final String command, final long address, final long value) {
        put(command);
        putHex(address);
        put(" ");
        putHex(value);
        endCommand();
        unanswered++;
        if (!posting || unanswered == MOST_POSTED) {
            acknowledge();
        }
    }

    private void put(final String text) {
        for (int i = 0; i < text.length(); i++) {
            putByte((byte) text.charAt(i));
        }
    }

    private void putByte(final byte value) {
        try {
            channel.put(value);
        } catch (final IOException e) {
            throw gone(e);
        }
    }

    private static UncheckedIOException gone(final IOException cause) {
        return new UncheckedIOException("the machine is gone", cause);
    }

    private void putDigit(final int value) {
        final int digit = value & 15;
        putByte((byte) (digit < 10 ? '0' + digit : 'a' + digit - 10));
    }

    private void putHex(final long value) {
        put("0x");
        for (int shift = Math.max(0, (Long.SIZE - 1 - Long.numberOfLeadingZeros(value)) / 4 * 4);
                shift >= 0;
                shift -= 4) {
            putDigit((int) (value >>> shift));
        }
    }

    private void endCommand() {
        putByte((byte) '\n');
        commands++;
    }

    // ---- in ----

    /** The number in the reply to the oldest command that has not been answered. */
    private long number() {
        replyWithWord();
        final long value = words.present(Long.MIN_VALUE, Long.MAX_VALUE, "");
        if (words.fault() != null) {
            throw new IllegalStateException("no number in a reply: " + words.fault());
        }
        return value;
    }

    private void replyWithWord() {
        acknowledge();
        reply();
        if (!words.next()) {
            throw new IllegalStateException("a reply without a value");
        }
    }

    private void reply() {
        while (true) {
            nextLine();
            words.begin(lines.bytes(), lines.lineStart(), lines.lineEnd());
            words.next();
            if (words.is(OK)) {
                return;
            }
            if (!words.is(IRQ)) {
                throw new IllegalStateException(new String(
                        lines.bytes(),
                        lines.lineStart(),
                        lines.lineEnd() - lines.lineStart(),
                        StandardCharsets.ISO_8859_1));
            }
            words.next();
            final boolean raised = words.is(RAISE);
            final int bit = 1 << words.number(0, Integer.SIZE - 1, "line");
            levels = raised ? levels | bit : levels & ~bit;
        }
    }

    private void nextLine() {
        try {
            while (!lines.next()) {
                channel.flush();
                if (!channel.receive(lines)) {
                    throw new EOFException();
                }
            }
        } catch (final IOException e) {
            throw gone(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
