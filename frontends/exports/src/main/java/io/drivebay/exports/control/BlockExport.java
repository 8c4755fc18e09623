package io.drivebay.exports.control;

import io.drivebay.backend.graph.BlockException;

/** A node that is served to other processes. A control thread. */
public interface BlockExport {
    /**
     * Ends it, after what is in flight; what was written is flushed.
     *
     * @param hard whether clients are sent away; otherwise they are a reason to refuse
     * @throws BlockException IN_USE while there are clients, unless they are sent away; IO when the flush failed, and then
     *     it has ended all the same
     */
    void remove(boolean hard) throws BlockException;
}
