package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.RequestList;
import java.util.ArrayDeque;
import java.util.function.Consumer;

/**
 * Requests that stand for parts of others. Taken by whoever splits, given back when the part has completed.
 *
 * <p>Knows which parts are out, so that a report of what is pending can say how far they have come.
 */
public final class PartPool {
    private static final int KEPT = 1024;

    private final ArrayDeque<BlockRequest> free = new ArrayDeque<>();
    private final RequestList out = new RequestList();

    /** A part that will tell a listener of its end. */
    public BlockRequest take(final CompletionListener listener) {
        final BlockRequest part = free.pollLast();
        if (part == null) {
            final BlockRequest fresh = new BlockRequest(listener);
            out.add(fresh);
            return fresh;
        }
        part.listener(listener);
        out.add(part);
        return part;
    }

    /** Gives a part back that has completed. */
    public void give(final BlockRequest part) {
        out.remove(part);
        part.vector().clear();
        part.attachment(null);
        if (free.size() < KEPT) {
            free.addLast(part);
        }
    }

    /** Calls with each part that has been taken and not given back, oldest first. */
    public void forEachOut(final Consumer<BlockRequest> action) {
        out.forEach(action);
    }
}
