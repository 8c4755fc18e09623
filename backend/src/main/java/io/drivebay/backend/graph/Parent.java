package io.drivebay.backend.graph;

/** Whoever holds a link to a node: another node, a backend, a job. The context's thread, but for {@link #describe}. */
public interface Parent {
    /** Who this is, for error messages: a noun phrase with its name. Any thread. */
    String describe();

    /** Where it runs; what it links to must run there too. Any thread. */
    IoDomain domain();

    /** Stop sending requests. Nests: one call per link that became drained, or per change of one. */
    void childDrainBegin();

    /** The counterpart of {@link #childDrainBegin}. */
    void childDrainEnd();

    /**
     * True when no request that entered here, or above, is still on its way. Whoever becomes quiet while drained says so
     * to {@link DrainWaiters#check}.
     */
    boolean quiet();

    /** The child's length has changed. */
    void childResized();
}
