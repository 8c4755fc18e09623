package io.drivebay.backend;

import io.drivebay.backend.graph.BlockNode;

/** What a drain is asked of: a node with everything above it, or a backend. The context's thread only. */
interface Drainable {
    void drainBegin();

    void drainEnd();

    /** True when nothing that entered is still on its way. */
    boolean quiet();

    /** What it is, for reports. Any thread. */
    String describe();

    /** A node as something to drain. */
    static Drainable of(final BlockNode node) {
        return new Drainable() {
            @Override
            public void drainBegin() {
                node.drainBegin();
            }

            @Override
            public void drainEnd() {
                node.drainEnd();
            }

            @Override
            public boolean quiet() {
                return node.quiet();
            }

            @Override
            public String describe() {
                return node.describe();
            }
        };
    }
}
