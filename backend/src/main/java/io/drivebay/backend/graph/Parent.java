package io.drivebay.backend.graph;

/** Whoever holds a link to a node: another node, a backend, a job. The context's thread, but for {@link #describe}. */
public interface Parent {
    /** Who this is, for error messages: a noun phrase with its name. Any thread. */
    String describe();

    /** Stop sending requests through the link. Calls do not nest: one per link that became drained. */
    void childDrainBegin();

    /** The counterpart of {@link #childDrainBegin}. */
    void childDrainEnd();

    /** True when no request that entered here, or above, is still on its way. */
    boolean quiet();

    /** The child's length has changed. */
    void childResized();
}
