package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import java.util.ArrayDeque;

/** Requests that stand for parts of others. Taken by whoever splits, given back when the part has completed. */
public final class PartPool {
    private static final int KEPT = 1024;

    private final ArrayDeque<BlockRequest> free = new ArrayDeque<>();

    /** A part that will tell a listener of its end. */
    public BlockRequest take(final CompletionListener listener) {
        final BlockRequest part = free.pollLast();
        if (part == null) {
            return new BlockRequest(listener);
        }
        part.listener(listener);
        return part;
    }

    /** Gives a part back that has completed. */
    public void give(final BlockRequest part) {
        part.vector().clear();
        part.attachment(null);
        if (free.size() < KEPT) {
            free.addLast(part);
        }
    }
}
