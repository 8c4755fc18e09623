package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Operation;
import java.util.ArrayDeque;

/**
 * Lets one flush at a time through to a node's driver, and none that would have nothing to do.
 *
 * <p>What arrives while a flush runs waits for the next one: the running flush need not cover the latest writes. All
 * that wait together are served by one. The context's thread only.
 */
final class FlushGate implements CompletionListener {
    private static final long NEVER = -1;

    private final BlockNode node;
    private ArrayDeque<BlockRequest> waiting = new ArrayDeque<>();
    private ArrayDeque<BlockRequest> served = new ArrayDeque<>();
    private boolean running;
    private long flushedGeneration = NEVER;
    private long runningGeneration;

    FlushGate(final BlockNode node) {
        this.node = node;
    }

    /** Completes a FLUSH once every write that completed before it is durable. */
    void flush(final BlockRequest request) {
        final boolean nothingToDo = node.readOnly()
                || node.options().noFlush()
                || (!running && node.writeGeneration() == flushedGeneration);
        if (nothingToDo) {
            request.complete();
        } else {
            enqueue(request);
        }
    }

    /** Resumes a write that a frame keeps, once it is durable or that failed. */
    void flushAfter(final BlockRequest write) {
        if (node.options().noFlush()) {
            write.resume();
        } else {
            enqueue(write);
        }
    }

    private void enqueue(final BlockRequest request) {
        waiting.add(request);
        if (!running) {
            startFlush();
        }
    }

    private void startFlush() {
        running = true;
        runningGeneration = node.writeGeneration();
        final ArrayDeque<BlockRequest> next = waiting;
        waiting = served;
        served = next;
        final BlockRequest flush = node.domain().parts().take(this);
        flush.set(Operation.FLUSH, 0, 0, 0);
        flush.startPart(served.peek(), node.domain().context().clock().nanoTime());
        node.driver().start(flush);
    }

    @Override
    public void completed(final BlockRequest flush) {
        if (flush.succeeded()) {
            flushedGeneration = runningGeneration;
        }
        for (BlockRequest request = served.poll(); request != null; request = served.poll()) {
            if (request.operation() == Operation.FLUSH) {
                request.completeLike(flush);
            } else {
                if (!flush.succeeded()) {
                    request.result(flush.status(), flush.errno(), flush.origin());
                }
                request.resume();
            }
        }
        running = false;
        node.domain().parts().give(flush);
        if (!waiting.isEmpty()) {
            startFlush();
        }
    }
}
