package io.drivebay.sim.qtest;

import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * A client of a session in the same thread: gives a text in pieces, and at every other look nothing; takes what it is told
 * in pieces, and at every other look nothing. At the end of the text it goes away once it has been told all.
 */
final class MemoryChannel implements ByteChannel, QtestSession.Watch {
    private static final int LOOKS_BEFORE_IT_GOES = 3;

    private final byte[] text;
    private final int readAtOnce;
    private int writeAtOnce;
    private final StringBuilder said = new StringBuilder();
    private int given;
    private int looks;
    private boolean givesNext;
    private boolean takesNext;
    private boolean watched;
    private boolean open = true;

    MemoryChannel(final String text, final int readAtOnce, final int writeAtOnce) {
        this.text = text.getBytes(StandardCharsets.ISO_8859_1);
        this.readAtOnce = readAtOnce;
        this.writeAtOnce = writeAtOnce;
    }

    @Override
    public int read(final ByteBuffer target) {
        givesNext = !givesNext;
        final int count = givesNext ? Math.min(Math.min(readAtOnce, text.length - given), target.remaining()) : 0;
        target.put(text, given, count);
        given += count;
        if (given < text.length || count > 0) {
            return count;
        }
        looks++;
        return looks > LOOKS_BEFORE_IT_GOES ? -1 : 0;
    }

    @Override
    public int write(final ByteBuffer source) {
        takesNext = !takesNext;
        final int count = takesNext ? Math.min(writeAtOnce, source.remaining()) : 0;
        for (int i = 0; i < count; i++) {
            said.append((char) (source.get() & 0xff));
        }
        looks = 0;
        return count;
    }

    @Override
    public void begin(final boolean toRead) {
        watched = true;
    }

    @Override
    public void end() {
        watched = false;
    }

    /** From now on it takes so many bytes at once. */
    void take(final int bytesAtOnce) {
        writeAtOnce = bytesAtOnce;
    }

    /** True when the session sleeps until it is woken. */
    boolean awaited() {
        final boolean was = watched;
        watched = false;
        return was;
    }

    /** All that the session has said. */
    String said() {
        return said.toString();
    }

    /** How many whole lines have been given. */
    long lines() {
        long lines = 0;
        for (int i = 0; i < given; i++) {
            lines += text[i] == '\n' ? 1 : 0;
        }
        return lines;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }
}
