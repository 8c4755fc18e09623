package io.drivebay.sim.workload;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Operation;

/**
 * Requests straight to a backend, without a device in between: what the layer itself can do. The workload's clock must
 * be the context's.
 */
public final class BackendTarget implements IoTarget {
    private final BlockBackend backend;
    private final BlockRequest[] requests;
    private final CompletionRing completed;
    private final MemoryRegion memory;
    private final int slotBytes;
    private Runnable onCompletion = () -> {};

    private BackendTarget(final BlockBackend backend, final Shape shape) {
        this.backend = backend;
        this.completed = new CompletionRing(shape.slots(), shape.waiting() == Waiting.INTERRUPT);
        this.slotBytes = Math.max(RegionPool.ALIGNMENT, shape.slotBytes());
        this.memory = RegionPool.aligned(Math.multiplyExact(slotBytes, shape.slots()));
        this.requests = new BlockRequest[shape.slots()];
        for (int i = 0; i < requests.length; i++) {
            requests[i] = new BlockRequest(listener(i));
        }
    }

    /** Targets on a backend. */
    public static IoTarget.Factory on(final BlockBackend backend) {
        return shape -> new BackendTarget(backend, shape);
    }

    private CompletionListener listener(final int slot) {
        return request -> {
            completed.put(slot);
            onCompletion.run();
        };
    }

    @Override
    public long lengthBytes() {
        return backend.lengthBytes();
    }

    @Override
    public MemoryRegion memory(final int slot) {
        return memory;
    }

    @Override
    public int memoryOffset(final int slot) {
        return slot * slotBytes;
    }

    @Override
    public boolean submit(
            final int slot, final Operation operation, final long offset, final int length, final long nowNs) {
        final BlockRequest request = requests[slot];
        request.set(operation, offset, length, 0);
        request.vector().clear();
        if (operation.transfers()) {
            request.vector().add(memory, slot * slotBytes, length);
        }
        return backend.submit(request, nowNs);
    }

    @Override
    public void kick() {
        // submit has done it
    }

    @Override
    public void poll(final CompletionBatch batch) {
        for (int slot = completed.take(); slot != CompletionRing.NONE; slot = completed.take()) {
            batch.add(slot, requests[slot].status());
        }
    }

    @Override
    public void await(final long timeoutNs) {
        completed.await(timeoutNs);
    }

    @Override
    public IoContext enterContext(final Runnable action) {
        onCompletion = action;
        return backend.context();
    }

    @Override
    public void close() {
        // nothing but memory
    }
}
