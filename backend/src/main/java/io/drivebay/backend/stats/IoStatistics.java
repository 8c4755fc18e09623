package io.drivebay.backend.stats;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;

/**
 * The live statistics of a backend. Only the context's thread touches them; a reader asks it to exchange the live
 * interval for an empty one, so recording costs no atomic operation and reading never stops I/O.
 *
 * <p>Histograms come into being with the first request of their operation; an idle backend has none.
 */
public final class IoStatistics {
    private IntervalStatistics live;

    public IoStatistics(final long generation) {
        live = new IntervalStatistics(generation);
    }

    /** Counts a request that is just completing. */
    public void record(final BlockRequest request, final long nowNs) {
        final Operation operation = request.operation();
        final long queuedNs = request.startedNs() - request.submittedNs();
        final long servedNs = nowNs - request.startedNs();
        final OperationStatistics statistics = live.at(operation);
        if (request.succeeded()) {
            statistics.succeeded(queuedNs, servedNs, request.offset(), request.length());
        } else {
            statistics.failed(queuedNs, servedNs);
        }
    }

    /** Counts a request that was refused before anything was done. */
    public void invalid(final Operation operation) {
        live.invalid(operation);
    }

    /** Puts an interval in the place of the live one, which is the caller's from then on. */
    public IntervalStatistics exchange(final IntervalStatistics fresh) {
        final IntervalStatistics taken = live;
        live = fresh;
        return taken;
    }
}
