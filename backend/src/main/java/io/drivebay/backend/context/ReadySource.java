package io.drivebay.backend.context;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Something with a queue that other threads fill and a context empties, such as a backend's submission ring.
 *
 * <p>The producer's protocol is: put work in the queue, then {@link IoContext#ready}. The context's: run the source;
 * when it finds no work for a while, clear the mark, then look at the queue once more. Whichever of the two comes
 * second sees the other, so no work is left behind.
 */
public abstract class ReadySource {
    private static final VarHandle MARK;

    static {
        try {
            MARK = MethodHandles.lookup().findVarHandle(ReadySource.class, "mark", boolean.class);
        } catch (final ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("unused") // through MARK
    private volatile boolean mark;

    /* The context's own count of turns in a row that found no work. */
    int idleTurns;

    /**
     * Handles a bounded batch of queued work. The context's thread.
     *
     * @return how many items were handled
     */
    protected abstract int run();

    /** True when there is work that {@link #run} could handle now. The context's thread. */
    protected abstract boolean hasWork();

    /** True when this call marked the source, false when it was marked already. */
    final boolean mark() {
        return !mark && MARK.compareAndSet(this, false, true);
    }

    final void unmark() {
        mark = false;
    }
}
