package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionFrame;

/**
 * Makes a write durable with one flush after its last piece, for drivers that have no write with FUA. The frame gives the
 * write back the flags that it came with.
 */
final class FuaByFlush implements CompletionFrame {
    private final FlushGate gate;

    FuaByFlush(final FlushGate gate) {
        this.gate = gate;
    }

    @Override
    public boolean completed(final BlockRequest request, final long savedFlags) {
        request.set(request.operation(), request.offset(), request.length(), (int) savedFlags);
        if (!request.succeeded()) {
            return true;
        }
        gate.flushAfter(request);
        return false;
    }
}
