package io.drivebay.backend;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.GraphChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One insertion, removal or change of a medium.
 *
 * <p>What had been submitted when it begins ends on the old medium: the ring is emptied up to that mark although the gate
 * has closed. What a submitter that ignores the drain puts in later is answered MEDIUM_CHANGED by the gate, because it
 * carries the old generation.
 */
final class MediumSwap {
    private final BlockLayer layer;
    private final BlockBackend backend;
    private final @Nullable BlockNode newMedium;
    private final boolean newGeneration;
    private final Clock clock;
    private long closedNs;
    private long pauseNs;

    MediumSwap(
            final BlockLayer layer,
            final BlockBackend backend,
            final @Nullable BlockNode newMedium,
            final boolean newGeneration) {
        this.layer = layer;
        this.backend = backend;
        this.newMedium = newMedium;
        this.newGeneration = newGeneration;
        this.clock = backend.context().clock();
    }

    /** Swaps; returns for how long requests were held back, in nanoseconds. Under the graph lock. */
    long run() throws BlockException {
        final Child link = backend.slot().medium();
        final BlockNode old = link.node();
        final GraphChange change = new GraphChange();
        if (newMedium == null) {
            change.detach(link);
        } else {
            change.attach(link, newMedium, backend.mediumPermissions(), backend.mediumShared());
        }
        layer.apply(backend.context(), change, List.of(new FirstDrained()), this::swapped);
        report(old);
        return pauseNs;
    }

    /** In the context, at the moment when the link points to the new medium. */
    private void swapped() {
        if (newGeneration) {
            backend.mediumChanged();
        } else {
            backend.slot().measure();
        }
        final BlockDevice device = backend.device();
        if (device != null) {
            device.mediumChanged(newMedium != null);
        }
    }

    private void report(final @Nullable BlockNode old) {
        final MediumChangeEvent event = new MediumChangeEvent();
        if (event.isEnabled()) {
            event.backend = backend.describe();
            event.oldMedium = old == null ? "" : old.name();
            event.newMedium = newMedium == null ? "" : newMedium.name();
            event.generation = backend.generation();
            event.pauseNs = pauseNs;
            event.commit();
        }
    }

    /** The backend as the first thing to be drained and the last to be released: it sees the whole pause. */
    private final class FirstDrained implements Drainable {
        @Override
        public void drainBegin() {
            closedNs = clock.nanoTime();
            backend.drainBegin();
            backend.admitPresent();
        }

        @Override
        public void drainEnd() {
            backend.drainEnd();
            pauseNs = clock.nanoTime() - closedNs;
        }

        @Override
        public boolean quiet() {
            return backend.quiet();
        }

        @Override
        public String describe() {
            return backend.describe();
        }
    }
}
