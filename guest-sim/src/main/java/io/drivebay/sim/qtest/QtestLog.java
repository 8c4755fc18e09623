package io.drivebay.sim.qtest;

import io.drivebay.backend.context.Clock;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A log of the lines of a session, as QEMU writes it: {@code [R +0.001234] inb 0x1f7}. The session's thread. */
public final class QtestLog {
    private final @Nullable PrintStream target;
    private final Clock clock;
    private final long beganNs;
    private final StringBuilder sentLine = new StringBuilder();

    private QtestLog(final @Nullable PrintStream target, final Clock clock) {
        this.target = target;
        this.clock = clock;
        this.beganNs = clock.nanoTime();
    }

    /** A log that keeps nothing and costs nothing. */
    public static QtestLog none() {
        return new QtestLog(null, () -> 0);
    }

    /** A log to a stream, with the seconds since now by a clock. */
    public static QtestLog to(final PrintStream target, final Clock clock) {
        return new QtestLog(target, clock);
    }

    void received(final byte[] bytes, final int from, final int to) {
        if (target != null) {
            final StringBuilder text = new StringBuilder();
            for (int i = from; i < to; i++) {
                text.append((char) (bytes[i] & 0xff));
            }
            write('R', text);
        }
    }

    void sent(final int character) {
        if (target == null) {
            return;
        }
        if (character != '\n') {
            sentLine.append((char) character);
            return;
        }
        write('S', sentLine);
        sentLine.setLength(0);
    }

    private void write(final char direction, final CharSequence line) {
        if (target != null) {
            final double seconds = (clock.nanoTime() - beganNs) / (double) TimeUnit.SECONDS.toNanos(1);
            target.println(String.format(Locale.ROOT, "[%c +%.6f] ", direction, seconds) + line);
        }
    }
}
