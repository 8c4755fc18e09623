package io.drivebay.backend.graph;

import io.drivebay.backend.graph.BlockException.Kind;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The operations that are forbidden on a node at present, each with the reasons given. Any thread. */
public final class OperationBlockers {
    /** A reason in force, until closed. */
    public static final class Blocker implements AutoCloseable {
        private final Queue<Blocker> queue;
        private final String reason;

        private Blocker(final Queue<Blocker> queue, final String reason) {
            this.queue = queue;
            this.reason = reason;
        }

        @Override
        public void close() {
            queue.remove(this);
        }
    }

    private final Map<BlockedOperation, Queue<Blocker>> blockers = new EnumMap<>(BlockedOperation.class);

    OperationBlockers() {
        for (final BlockedOperation operation : BlockedOperation.values()) {
            blockers.put(operation, new ConcurrentLinkedQueue<>());
        }
    }

    /** Forbids an operation until the result is closed. */
    public Blocker block(final BlockedOperation operation, final String reason) {
        final Queue<Blocker> queue = queue(operation);
        final Blocker blocker = new Blocker(queue, reason);
        queue.add(blocker);
        return blocker;
    }

    /**
     * Passes when nobody forbids an operation.
     *
     * @throws BlockException IN_USE, with the reason that the first blocker gave
     */
    public void check(final BlockedOperation operation) throws BlockException {
        final Blocker first = queue(operation).peek();
        if (first != null) {
            throw new BlockException(Kind.IN_USE, first.reason);
        }
    }

    private Queue<Blocker> queue(final BlockedOperation operation) {
        return Objects.requireNonNull(blockers.get(operation));
    }
}
