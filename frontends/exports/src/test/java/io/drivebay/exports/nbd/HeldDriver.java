package io.drivebay.exports.nbd;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;

/** A disk that answers only when told to: every request is kept, and counted, until it is let go. Flushes pass. */
final class HeldDriver implements BlockDriver {
    private final ArrayDeque<BlockRequest> held = new ArrayDeque<>();
    private final Semaphore arrived = new Semaphore(0);
    private final List<Operation> seen = new ArrayList<>();
    private boolean open;

    @Override
    public String driverName() {
        return "held";
    }

    @Override
    public BlockLimits limits() {
        return BlockLimits.UNLIMITED;
    }

    @Override
    public long length() {
        return Served.SIZE;
    }

    @Override
    public synchronized void start(final BlockRequest request) {
        seen.add(request.operation());
        if (open || request.operation() == Operation.FLUSH) {
            request.complete();
            return;
        }
        held.add(request);
        arrived.release();
    }

    /** Waits until so many more requests have arrived. */
    void awaitArrivals(final int count) throws InterruptedException {
        arrived.acquire(count);
    }

    synchronized int holding() {
        return held.size();
    }

    synchronized List<Operation> seen() {
        return List.copyOf(seen);
    }

    /** Lets go of all that are held; in the context. */
    synchronized void releaseAll() {
        while (!held.isEmpty()) {
            held.removeFirst().complete();
        }
    }

    /** Lets go of all, and keeps none any more; in the context. */
    synchronized void open() {
        open = true;
        releaseAll();
    }

    /** Fails the oldest; in the context. */
    synchronized void failOldest(final Status status) {
        held.removeFirst().fail(status, "held");
    }
}
