package io.drivebay.backend;

import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a backend holds its medium: below the filters that belong to the backend and stay when the medium changes.
 *
 * <p>Every insertion and every removal begins a new generation, an odd one while a medium is in. Changed in the context's
 * thread only; generation and length may be read by any thread.
 */
final class MediumSlot {
    /* From the backend's own link down to the medium's: each but the last points to the filter that holds the next. */
    private final List<Child> links = new ArrayList<>(1);
    private final Child top;
    private Child medium;
    private volatile long generation;
    private volatile long lengthBytes;
    private volatile boolean readOnly;

    /** An empty slot without filters: one link is both top and medium. */
    MediumSlot(final Child top) {
        this.top = top;
        this.medium = top;
        links.add(top);
    }

    /** The link through which requests enter: to the uppermost filter, or to the medium. */
    Child top() {
        return top;
    }

    /** The link to the medium's tree. */
    Child medium() {
        return medium;
    }

    // ---- filters ----

    /** The uppermost filter is a new one, which holds a link to what was below the top so far. */
    void addFilterLink(final Child below) {
        links.add(1, below);
        medium = links.get(links.size() - 1);
    }

    /** The filter that held a link is out; the link above it points to what was below. */
    void removeFilterLink(final Child below, final Child above) {
        links.remove(below);
        if (medium == below) {
            medium = above;
        }
    }

    /** The filters, uppermost first. */
    List<BlockNode> filters() {
        return links.subList(0, links.size() - 1).stream()
                .map(Child::requireNode)
                .toList();
    }

    /** The link that points to one of the filters; null when it is none. */
    @Nullable
    Child linkTo(final BlockNode filter) {
        for (final Child link : links.subList(0, links.size() - 1)) {
            if (link.node() == filter) {
                return link;
            }
        }
        return null;
    }

    // ---- the medium ----

    boolean occupied() {
        return medium.node() != null;
    }

    /** True when there is something to read: a medium and, for a drive of the host's own, a disc in it. */
    boolean inserted() {
        final BlockNode root = medium.node();
        return root != null && root.inserted();
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

    /** True while the medium can only be read. */
    boolean readOnly() {
        return readOnly;
    }

    /** Begins the generation of what is in the slot now. */
    void beginGeneration() {
        measure();
        final long next = generation + 1;
        generation = hadMedium(next) == occupied() ? next : next + 1;
    }

    /** Looks at the medium anew; true when the length has changed. */
    boolean measure() {
        final BlockNode root = top.node();
        final BlockNode inserted = medium.node();
        final long before = lengthBytes;
        lengthBytes = inserted != null && root != null ? root.length() : 0;
        readOnly = inserted != null && inserted.readOnly();
        return lengthBytes != before;
    }
}
