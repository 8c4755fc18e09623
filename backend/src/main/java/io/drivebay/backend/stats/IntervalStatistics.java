package io.drivebay.backend.stats;

import io.drivebay.backend.request.Operation;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a backend did in a stretch of time, for one generation of its medium. Threads: see {@link IoStatistics}. */
public final class IntervalStatistics {
    private final @Nullable OperationStatistics[] byOperation = new @Nullable OperationStatistics[Operation.count()];
    private final long generation;
    private final long[] invalidOperations = new long[Operation.count()];

    /** An empty interval of a medium's generation. */
    public IntervalStatistics(final long generation) {
        this.generation = generation;
    }

    /** Which medium this interval was about. */
    public long generation() {
        return generation;
    }

    /** Requests that were refused before anything was done. */
    public long invalidOperations() {
        return Arrays.stream(invalidOperations).sum();
    }

    /** Requests for an operation that were refused before anything was done. */
    public long invalidOperations(final Operation operation) {
        return invalidOperations[operation.ordinal()];
    }

    /** The statistics of an operation; null when there was none. */
    public @Nullable OperationStatistics of(final Operation operation) {
        return byOperation[operation.ordinal()];
    }

    OperationStatistics at(final Operation operation) {
        OperationStatistics found = byOperation[operation.ordinal()];
        if (found == null) {
            found = new OperationStatistics();
            byOperation[operation.ordinal()] = found;
        }
        return found;
    }

    void invalid(final Operation operation) {
        invalidOperations[operation.ordinal()]++;
    }

    /** Adds what another interval has. */
    public void add(final IntervalStatistics other) {
        for (int i = 0; i < byOperation.length; i++) {
            invalidOperations[i] += other.invalidOperations[i];
            final OperationStatistics part = other.byOperation[i];
            if (part != null) {
                at(Operation.of(i)).add(part);
            }
        }
    }
}
