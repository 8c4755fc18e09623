package io.drivebay.exports;

import io.drivebay.backend.context.Clock;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says who was disconnected and why, but at most a number of times a second, so that no client can flood the log. */
public final class OffenceLog {
    private static final Logger LOG = LoggerFactory.getLogger(OffenceLog.class);
    private static final int LINES_PER_SECOND = 20;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final Clock clock;
    private final String kind;
    private final Consumer<String> sink;
    private long secondBeganNs;
    private int lines;
    private long suppressed;

    /**
     * Writes its lines to the log.
     *
     * @param kind what the clients are, such as "NBD client"
     */
    public OffenceLog(final Clock clock, final String kind) {
        this(clock, kind, LOG::warn);
    }

    /** Writes its lines elsewhere. */
    public OffenceLog(final Clock clock, final String kind, final Consumer<String> sink) {
        this.clock = clock;
        this.kind = kind;
        this.sink = sink;
        this.secondBeganNs = clock.nanoTime();
    }

    /** Any thread. */
    public synchronized void disconnected(final String peer, final String reason) {
        final long nowNs = clock.nanoTime();
        if (nowNs - secondBeganNs >= SECOND_NS) {
            if (suppressed > 0) {
                sink.accept(suppressed + " more " + kind + "s were disconnected than the log has lines for");
            }
            secondBeganNs = nowNs;
            lines = 0;
            suppressed = 0;
        }
        if (lines < LINES_PER_SECOND) {
            lines++;
            sink.accept(kind + " " + peer + " disconnected: " + reason);
        } else {
            suppressed++;
        }
    }
}
