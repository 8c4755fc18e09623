package io.drivebay.monitor.server;

import io.drivebay.monitor.protocol.Output;
import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client has yet to be sent: {@link #MAX_BYTES} at most, or one reply that is longer. Replies wait for room; events
 * that may be left out take half of it, and for want of room for another the client is cut off.
 */
final class OutputQueue implements Output {
    static final int MAX_BYTES = 1 << 20;

    /** How long a flush waits for each line to go. */
    private static final long FLUSH_MS = 2000;

    private final Runnable cutOff;
    private final ArrayDeque<byte[]> lines = new ArrayDeque<>();
    private int bytes;
    private long left;
    private boolean ended;
    private boolean finished;

    /**
     * An empty queue.
     *
     * @param cutOff ends the connection; must not block
     */
    OutputQueue(final Runnable cutOff) {
        this.cutOff = cutOff;
    }

    @Override
    public synchronized void reply(final byte[] line) {
        waitWhile(() -> bytes > 0 && bytes + line.length > MAX_BYTES);
        add(line);
    }

    @Override
    public void event(final byte[] line, final boolean expendable) {
        if (!addEvent(line, expendable)) {
            end();
            cutOff.run();
        }
    }

    private synchronized boolean addEvent(final byte[] line, final boolean expendable) {
        if (bytes + line.length <= (expendable ? MAX_BYTES / 2 : MAX_BYTES)) {
            add(line);
        } else if (expendable) {
            left++;
        } else {
            return ended;
        }
        return true;
    }

    private void add(final byte[] line) {
        if (!ended) {
            lines.add(line);
            bytes += line.length;
            notifyAll();
        }
    }

    @Override
    public synchronized void flush() {
        int before = Integer.MAX_VALUE;
        while (!ended && bytes > 0 && bytes < before) {
            before = bytes;
            try {
                wait(FLUSH_MS);
            } catch (final InterruptedException e) {
                interrupted();
            }
        }
    }

    /* Under this queue's lock. */
    private void waitWhile(final BooleanSupplier condition) {
        while (!ended && condition.getAsBoolean()) {
            try {
                wait();
            } catch (final InterruptedException e) {
                interrupted();
            }
        }
    }

    private void interrupted() {
        Thread.currentThread().interrupt();
        ended = true;
    }

    // ---- the writer ----

    /** The next line, which counts until {@link #written}; null when there will be none. Waits for it. */
    synchronized byte @Nullable [] next() {
        waitWhile(() -> !finished && lines.isEmpty());
        return ended ? null : lines.peek();
    }

    /** The line that {@link #next} gave has been written. */
    synchronized void written() {
        final byte[] line = lines.poll();
        if (line != null) {
            bytes -= line.length;
            notifyAll();
        }
    }

    // ---- the end ----

    /** Nothing more comes; what is there is still to be sent. */
    synchronized void finish() {
        finished = true;
        notifyAll();
    }

    /** Nothing more is sent. */
    synchronized void end() {
        ended = true;
        lines.clear();
        bytes = 0;
        notifyAll();
    }

    /** How many events were left out. */
    synchronized long left() {
        return left;
    }
}
