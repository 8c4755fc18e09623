package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;

/** A request with memory of its own that counts its completions. */
final class TestRequest {
    final BlockRequest request = new BlockRequest(this::completed);
    final MemoryRegion memory;
    private Runnable then = () -> {};
    private int completions;

    TestRequest(final Operation operation, final long offset, final long length) {
        this(operation, offset, length, 0);
    }

    TestRequest(final Operation operation, final long offset, final long length, final int flags) {
        memory = MemoryRegion.allocate((int) Math.min(Math.max(1, length), 1 << 20));
        request.set(operation, offset, length, flags);
        if (operation.transfers() && length > 0 && length <= memory.size()) {
            request.vector().add(memory, 0, (int) length);
        }
    }

    TestRequest fill(final int value) {
        memory.fill(0, memory.size(), (byte) value);
        return this;
    }

    /** What is done in the call-back, after counting. */
    TestRequest then(final Runnable action) {
        then = action;
        return this;
    }

    TestRequest submitTo(final BlockBackend backend) {
        assertTrue(backend.submit(request), "the ring has room");
        return this;
    }

    private void completed(final BlockRequest done) {
        completions++;
        then.run();
    }

    int completions() {
        return completions;
    }

    boolean done() {
        return completions > 0;
    }

    Status status() {
        assertTrue(done(), "completed");
        return request.status();
    }
}
