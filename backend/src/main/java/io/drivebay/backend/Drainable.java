package io.drivebay.backend;

import io.drivebay.backend.graph.Parent;

/** What a drain is asked of: a parent of links with everything above it, or a context. The context's thread only. */
interface Drainable {
    void drainBegin();

    void drainEnd();

    /** True when nothing that entered is still on its way. */
    boolean quiet();

    /** What it is, for reports. Any thread. */
    String describe();

    /** Whoever holds links (a node, a backend, a job) as something to drain: nothing is on its way through them. */
    static Drainable of(final Parent parent) {
        return new OfParent(parent);
    }

    /** See {@link #of}. */
    class OfParent implements Drainable {
        private final Parent parent;

        OfParent(final Parent parent) {
            this.parent = parent;
        }

        @Override
        public void drainBegin() {
            parent.childDrainBegin();
        }

        @Override
        public void drainEnd() {
            parent.childDrainEnd();
        }

        @Override
        public boolean quiet() {
            return parent.quiet();
        }

        @Override
        public String describe() {
            return parent.describe();
        }
    }
}
