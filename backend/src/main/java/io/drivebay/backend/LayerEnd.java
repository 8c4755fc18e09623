package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import org.jspecify.annotations.Nullable;

/** The end of a layer: goes on after a failing step, so that as much as possible is given back, and reports the first. */
final class LayerEnd {
    private @Nullable BlockException first;

    void attempt(final GraphLock.Action step) {
        try {
            step.run();
        } catch (final BlockException e) {
            if (first == null) {
                first = e;
            } else {
                first.addSuppressed(e);
            }
        }
    }

    void report() {
        if (first != null) {
            throw new IllegalStateException("closing the block layer: " + first.getMessage(), first);
        }
    }
}
