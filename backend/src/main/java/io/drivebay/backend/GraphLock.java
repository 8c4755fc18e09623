package io.drivebay.backend;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The lock by which control threads take turns at a layer. Its holder may wait for a context, so no thread of a context
 * may wait for it: that is refused instead of ending in a deadlock.
 */
final class GraphLock {
    private final ReentrantLock lock = new ReentrantLock();
    private final List<IoContext> contexts = new CopyOnWriteArrayList<>();

    /** Work on the graph that may be refused. */
    interface Action {
        void run() throws BlockException;
    }

    /** Work on the graph that has a result, or may be refused. */
    interface Query<T extends @Nullable Object> {
        T run() throws BlockException;
    }

    /** A context whose thread must stay out. */
    void keepOut(final IoContext context) {
        contexts.add(context);
    }

    void locked(final Action action) throws BlockException {
        enter();
        try {
            action.run();
        } finally {
            lock.unlock();
        }
    }

    <T extends @Nullable Object> T changing(final Query<T> query) throws BlockException {
        enter();
        try {
            return query.run();
        } finally {
            lock.unlock();
        }
    }

    <T extends @Nullable Object> T reading(final Supplier<T> read) {
        enter();
        try {
            return read.get();
        } finally {
            lock.unlock();
        }
    }

    private void enter() {
        for (final IoContext context : contexts) {
            if (context.started() && context.inContext()) {
                throw new IllegalStateException("the block layer's control methods are not for the thread of context "
                        + context.name() + ": hand the work to a control thread");
            }
        }
        lock.lock();
    }
}
