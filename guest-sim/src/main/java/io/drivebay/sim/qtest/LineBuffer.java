package io.drivebay.sim.qtest;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Bytes as they come from a socket, cut into lines. Grows for a long line, up to a limit; of a longer one nothing is kept
 * but that it was too long. One thread only.
 */
final class LineBuffer {
    /** The longest line that is taken, in bytes. */
    static final int MAX_LINE = 16 << 20;

    private static final int FIRST_CAPACITY = 1 << 16;

    private byte[] bytes = new byte[FIRST_CAPACITY];
    private int scanned;
    private int end;
    private int lineStart;
    private int lineEnd;
    private boolean skipping;
    private boolean tooLong;

    /** Takes what has been read; call {@link #next} until there is no line left before the next time. */
    void add(final ByteBuffer source) {
        final int count = source.remaining();
        compact();
        if (end + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end + count, bytes.length * 2));
        }
        source.get(bytes, end, count);
        end += count;
    }

    private void compact() {
        if (lineEnd > 0) {
            System.arraycopy(bytes, lineEnd, bytes, 0, end - lineEnd);
            end -= lineEnd;
            scanned -= lineEnd;
        }
        lineStart = 0;
        lineEnd = 0;
        if (end == 0 && bytes.length > FIRST_CAPACITY) {
            bytes = new byte[FIRST_CAPACITY];
        }
    }

    /** Moves to the next whole line; false when there is none yet. */
    boolean next() {
        lineStart = lineEnd;
        while (scanned < end) {
            if (bytes[scanned++] == '\n') {
                lineEnd = scanned;
                tooLong = skipping || lineEnd - lineStart > MAX_LINE;
                skipping = false;
                return true;
            }
        }
        if (skipping || end - lineStart > MAX_LINE) {
            skipping = true;
            end = lineStart;
            scanned = lineStart;
        }
        return false;
    }

    /** True when the present line was longer than allowed; then its content is undefined. */
    boolean tooLong() {
        return tooLong;
    }

    /** What holds the present line. */
    byte[] bytes() {
        return bytes;
    }

    /** Where the present line begins. */
    int lineStart() {
        return lineStart;
    }

    /** Where the present line ends, its line feed and a carriage return left out. */
    int lineEnd() {
        int at = lineEnd - 1;
        if (at > lineStart && bytes[at - 1] == '\r') {
            at--;
        }
        return at;
    }
}
