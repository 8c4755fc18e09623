package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionFrame;

/** Makes a write durable with a flush of its own, for drivers that have no write with FUA. */
final class FuaByFlush implements CompletionFrame {
    private final FlushGate gate;

    FuaByFlush(final FlushGate gate) {
        this.gate = gate;
    }

    @Override
    public boolean completed(final BlockRequest request, final long saved) {
        if (!request.succeeded()) {
            return true;
        }
        gate.flushAfter(request);
        return false;
    }
}
