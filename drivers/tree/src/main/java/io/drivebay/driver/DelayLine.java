package io.drivebay.driver;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.Timer;
import io.drivebay.backend.request.BlockRequest;
import java.util.function.Consumer;

/**
 * Holds each request for the same time of the context's clock, then goes on with it.
 *
 * <p>One timer, set for the oldest request, serves them all; nothing is allocated per request. The context's thread only.
 */
public final class DelayLine {
    private final IoContext context;
    private final long delayNs;
    private final Consumer<BlockRequest> whenDue;
    private final RequestQueue waiting = new RequestQueue();
    private final Timer timer;

    /** A line on which every request stays for a time, after which an action takes it over. */
    public DelayLine(final IoContext context, final long delayNs, final Consumer<BlockRequest> whenDue) {
        this.context = context;
        this.delayNs = delayNs;
        this.whenDue = whenDue;
        this.timer = context.timer(this::passDue);
    }

    /** Takes a request. */
    public void add(final BlockRequest request) {
        final long nowNs = context.clock().nanoTime();
        final long deadlineNs = delayNs > Long.MAX_VALUE - nowNs ? Long.MAX_VALUE : nowNs + delayNs;
        waiting.add(request, deadlineNs);
        if (waiting.size() == 1) {
            timer.arm(deadlineNs);
        }
    }

    private void passDue() {
        final long nowNs = context.clock().nanoTime();
        while (!waiting.isEmpty() && waiting.peekValue() <= nowNs) {
            final BlockRequest due = waiting.poll();
            if (due != null) {
                whenDue.accept(due);
            }
        }
        if (!waiting.isEmpty()) {
            timer.arm(waiting.peekValue());
        }
    }
}
