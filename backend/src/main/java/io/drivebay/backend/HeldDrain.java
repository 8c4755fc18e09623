package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/** A drain in force, which holds what it drains. */
final class HeldDrain implements BlockLayer.Drain {
    private final Drainer drainer;
    private final Drainable target;
    private final GraphLock.Action letGo;
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Drains; returns once all is at rest. */
    HeldDrain(
            final Drainer drainer,
            final Drainable target,
            final long timeoutNs,
            final Runnable hold,
            final GraphLock.Action letGo)
            throws BlockException {
        this.drainer = drainer;
        this.target = target;
        this.letGo = letGo;
        hold.run();
        boolean begun = false;
        try {
            drainer.begin(List.of(target), timeoutNs);
            begun = true;
        } finally {
            if (!begun) {
                letGo.run();
            }
        }
    }

    @Override
    public void close() {
        if (ended.compareAndSet(false, true)) {
            drainer.domain().context().run(target::drainEnd);
            try {
                letGo.run();
            } catch (final BlockException e) {
                throw new IllegalStateException("ending the drain of " + target.describe(), e);
            }
        }
    }
}
