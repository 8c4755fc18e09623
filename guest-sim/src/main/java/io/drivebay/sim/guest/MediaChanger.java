package io.drivebay.sim.guest;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.sim.verify.MediumTimeline;

/**
 * Somebody who changes the media of a drive, and keeps the drive's timeline so that a verification knows. A control
 * thread, one at a time.
 */
public final class MediaChanger {
    /** The id that stands for no medium; make it known to the verification if the drive is ever to be empty. */
    public static final long EMPTY = 0;

    private final BlockLayer layer;
    private final BlockBackend backend;
    private final MediumTimeline timeline;

    /** A changer for a drive that holds the timeline's first medium. */
    public MediaChanger(final BlockLayer layer, final BlockBackend backend, final MediumTimeline timeline) {
        this.layer = layer;
        this.backend = backend;
        this.timeline = timeline;
    }

    /**
     * Changes the medium for another one at once.
     *
     * @return how long requests were held back, in nanoseconds
     * @throws BlockException when the layer refuses; the old medium is still there
     */
    public long change(final long mediumId, final BlockNode medium) throws BlockException {
        final long[] pauseNs = new long[1];
        swap(mediumId, () -> pauseNs[0] = layer.changeMedium(backend, medium));
        return pauseNs[0];
    }

    /** Takes the medium out. */
    public void remove() throws BlockException {
        swap(EMPTY, () -> layer.removeMedium(backend));
    }

    /** Puts a medium in. */
    public void insert(final long mediumId, final BlockNode medium) throws BlockException {
        swap(mediumId, () -> layer.insertMedium(backend, medium));
    }

    private interface Swap {
        void run() throws BlockException;
    }

    private void swap(final long mediumId, final Swap swap) throws BlockException {
        timeline.swapBegins(mediumId);
        try {
            swap.run();
            timeline.swapEnded();
        } catch (final BlockException e) {
            timeline.swapFailed();
            throw e;
        }
    }
}
