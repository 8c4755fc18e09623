package io.drivebay.perf.jmh;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Operation;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Requests that are submitted together, with 4 KiB of memory each, and a count of those that have come back. */
final class Batch implements CompletionListener {
    static final int BLOCK_BYTES = 4096;

    private static final VarHandle COMPLETED = completed();

    private final BlockBackend backend;
    private final BlockRequest[] requests;
    private final MemoryRegion memory;

    @SuppressWarnings("UnusedVariable") // through COMPLETED
    private long completed;

    private long expected;

    Batch(final BlockBackend backend, final int depth) {
        this.backend = backend;
        this.memory = RegionPool.aligned(depth * BLOCK_BYTES);
        this.requests = new BlockRequest[depth];
        for (int i = 0; i < depth; i++) {
            requests[i] = new BlockRequest(this);
            requests[i].vector().add(memory, i * BLOCK_BYTES, BLOCK_BYTES);
        }
    }

    private static VarHandle completed() {
        try {
            return MethodHandles.lookup().findVarHandle(Batch.class, "completed", long.class);
        } catch (final ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The context's thread. */
    @Override
    public void completed(final BlockRequest request) {
        if (!request.succeeded()) {
            throw new IllegalStateException("failed: " + request.status() + " of " + request);
        }
        COMPLETED.setRelease(this, (long) COMPLETED.get(this) + 1);
    }

    /** Submits a read of a block with each request. */
    void submit(final long[] blocks) {
        final long nowNs = backend.context().clock().nanoTime();
        for (int i = 0; i < requests.length; i++) {
            requests[i].set(Operation.READ, blocks[i] * BLOCK_BYTES, BLOCK_BYTES, 0);
            if (!backend.submit(requests[i], nowNs)) {
                throw new IllegalStateException("the ring is full");
            }
        }
        expected += requests.length;
    }

    boolean allBack() {
        return (long) COMPLETED.getAcquire(this) == expected;
    }

    /** Spins until all are back. */
    void await() {
        while (!allBack()) {
            Thread.onSpinWait();
        }
    }

    /** The first 8 bytes of what a request has read. */
    long word(final int request) {
        return memory.getLong(request * BLOCK_BYTES);
    }

    int depth() {
        return requests.length;
    }
}
