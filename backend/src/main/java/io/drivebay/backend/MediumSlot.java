package io.drivebay.backend;

import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import org.jspecify.annotations.Nullable;

/**
 * Where a backend holds its medium: below the filters that belong to the backend and stay when the medium changes.
 *
 * <p>Every insertion and every removal begins a new generation, an odd one while a medium is in. Changed in the context's
 * thread only; generation and length may be read by any thread.
 */
final class MediumSlot {
    private final Child top;
    private Child medium;
    private volatile long generation;
    private volatile long lengthBytes;

    /** An empty slot without filters: one link is both top and medium. */
    MediumSlot(final Child top) {
        this.top = top;
        this.medium = top;
    }

    /** The link through which requests enter: to the uppermost filter, or to the medium. */
    Child top() {
        return top;
    }

    /** The link to the medium's tree. */
    Child medium() {
        return medium;
    }

    /** Puts the medium below the filters: the lowest filter's empty link becomes the medium's. */
    void mediumLink(final Child link) {
        medium = link;
    }

    boolean occupied() {
        return medium.node() != null;
    }

    long generation() {
        return generation;
    }

    static boolean hadMedium(final long someGeneration) {
        return (someGeneration & 1) != 0;
    }

    /** Length of what requests see, in bytes; 0 without a medium. */
    long lengthBytes() {
        return lengthBytes;
    }

    /** Begins the generation of what is in the slot now. */
    void beginGeneration() {
        measure();
        final long next = generation + 1;
        generation = hadMedium(next) == occupied() ? next : next + 1;
    }

    /** Reads the length anew. */
    void measure() {
        final @Nullable BlockNode root = top.node();
        lengthBytes = occupied() && root != null ? root.length() : 0;
    }
}
