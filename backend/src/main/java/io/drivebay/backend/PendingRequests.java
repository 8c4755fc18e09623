package io.drivebay.backend;

import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.request.BlockRequest;

/** Where requests are on their way. */
final class PendingRequests {
    private PendingRequests() {}

    /** The node that a request has reached. The context's thread. */
    static String where(final BlockRequest request) {
        for (int i = request.depth() - 1; i >= 0; i--) {
            if (request.frame(i) instanceof BlockNode node) {
                return node.describe();
            }
        }
        final BlockRequest whole = request.whole();
        return whole == null ? "no node" : where(whole);
    }
}
