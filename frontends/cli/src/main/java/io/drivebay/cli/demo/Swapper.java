package io.drivebay.cli.demo;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.perf.result.MediumChange;
import io.drivebay.sim.verify.MediumTimeline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Changes the medium of a backend again and again, on a thread of its own, and tells the timeline. */
final class Swapper {
    private final BlockLayer layer;
    private final BlockBackend backend;
    private final List<BlockNode> media;
    private final MediumTimeline timeline;
    private final List<MediumChange> changes = new ArrayList<>();
    private volatile boolean stopping;
    private volatile @Nullable BlockException failure;
    private final Thread thread;

    /**
     * A swapper that is not yet running.
     *
     * @param media in the order of their ids, which count from 1; the first one is in the backend
     * @param timing how many changes, evenly over the measured time
     */
    Swapper(
            final BlockLayer layer,
            final BlockBackend backend,
            final List<BlockNode> media,
            final MediumTimeline timeline,
            final Timing timing) {
        this.layer = layer;
        this.backend = backend;
        this.media = media;
        this.timeline = timeline;
        this.thread = new Thread(() -> run(timing), "drivebay-swapper");
    }

    /**
     * When media are changed.
     *
     * @param warmupNs time before the measured time
     * @param runtimeNs the measured time
     * @param changes how many
     */
    record Timing(long warmupNs, long runtimeNs, int changes) {}

    Swapper start() {
        thread.start();
        return this;
    }

    private void run(final Timing timing) {
        final long beginNs = System.nanoTime() + timing.warmupNs();
        for (int i = 0; i < timing.changes(); i++) {
            final long dueNs = beginNs + (2 * i + 1) * timing.runtimeNs() / (2L * timing.changes());
            while (System.nanoTime() - dueNs < 0 && !stopping) {
                LockSupport.parkNanos(Math.min(dueNs - System.nanoTime(), TimeUnit.MILLISECONDS.toNanos(10)));
            }
            try {
                if (stopping) {
                    return;
                }
                change(beginNs);
            } catch (final BlockException e) {
                failure = e;
                return;
            }
        }
    }

    private void change(final long beginNs) throws BlockException {
        final long next = timeline.medium() % media.size() + 1;
        changes.add(new MediumChange(System.nanoTime() - beginNs, changeTo(next)));
    }

    /** Puts a medium in; returns for how long requests were held back. One thread at a time. */
    long changeTo(final long mediumId) throws BlockException {
        timeline.swapBegins(mediumId);
        try {
            final long pauseNs = layer.changeMedium(backend, media.get((int) mediumId - 1));
            timeline.swapEnded();
            return pauseNs;
        } catch (final BlockException e) {
            timeline.swapFailed();
            throw e;
        }
    }

    /** Ends the changes and waits for the present one. */
    List<MediumChange> stop() throws BlockException {
        stopping = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (final InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        final BlockException failed = failure;
        if (failed != null) {
            throw failed;
        }
        return List.copyOf(changes);
    }
}
