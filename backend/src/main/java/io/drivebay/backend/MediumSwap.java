package io.drivebay.backend;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.GraphChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One insertion, removal or change of a medium, or a replacement of its root by one with the same content.
 *
 * <p>What had been submitted when it begins ends on the old medium: the ring is emptied up to that mark although the gate
 * has closed. What a submitter that ignores the drain puts in later is answered MEDIUM_CHANGED by the gate, because it
 * carries the old generation. When the backend was drained before, the ring stays as it is, and all in it is answered so.
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
            askDevice(newMedium);
            attach(change, link, newMedium);
        }
        layer.apply(backend.domain(), change, List.of(new FirstDrained()), this::swapped);
        if (old != null) {
            backend.retainOptions(old.options());
        }
        report(old);
        return pauseNs;
    }

    private void askDevice(final BlockNode medium) throws BlockException {
        final BlockDevice device = backend.device();
        if (device != null) {
            device.checkMedium(new MediumProperties(medium.length(), medium.readOnly()));
        }
    }

    /** Takes on the new medium what the backend, or the lowest of its filters, needs. */
    private void attach(final GraphChange change, final Child link, final BlockNode medium) throws BlockException {
        int permissions = backend.mediumPermissions();
        int shared = backend.mediumShared();
        if (link.parent() instanceof BlockNode filter) {
            permissions = filter.driver().childPermissions(link.role(), filter.permissions());
            shared = filter.driver().childShared(link.role(), filter.shared());
        }
        change.attach(link, medium, permissions, shared);
    }

    /** In the context, at the moment when the link points to the new medium. */
    private void swapped() {
        if (!newGeneration) {
            backend.childResized();
            return;
        }
        backend.mediumChanged();
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
        private final Drainable target = newGeneration ? backend.new Emptied() : Drainable.of(backend);

        @Override
        public void drainBegin() {
            closedNs = clock.nanoTime();
            target.drainBegin();
        }

        @Override
        public void drainEnd() {
            target.drainEnd();
            pauseNs = clock.nanoTime() - closedNs;
        }

        @Override
        public boolean quiet() {
            return target.quiet();
        }

        @Override
        public String describe() {
            return target.describe();
        }
    }
}
