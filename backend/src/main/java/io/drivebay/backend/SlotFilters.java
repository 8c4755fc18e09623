package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.GraphChange;
import java.util.List;

/** Puts filters between a backend and its medium, and takes them out. All methods under the graph lock. */
final class SlotFilters {
    private SlotFilters() {}

    /** The new filter becomes the uppermost. */
    static void add(final BlockLayer layer, final BlockBackend backend, final BlockNode filter) throws BlockException {
        final MediumSlot slot = backend.slot();
        final Child below = emptyLink(filter);
        if (!filter.parents().isEmpty()) {
            throw new BlockException(
                    Kind.IN_USE,
                    filter.describe() + " is already in use by "
                            + filter.parents().get(0).describe());
        }
        final int permissions = backend.mediumPermissions();
        final int shared = backend.mediumShared();
        final GraphChange change = new GraphChange().attach(slot.top(), filter, permissions, shared);
        final BlockNode old = slot.top().node();
        if (old != null) {
            final int taken = filter.driver().childPermissions(below.role(), permissions);
            change.attach(below, old, taken, filter.driver().childShared(below.role(), shared));
        }
        layer.apply(backend.domain(), change, List.of(backend), () -> {
            slot.addFilterLink(below);
            backend.childResized();
        });
    }

    private static Child emptyLink(final BlockNode filter) throws BlockException {
        final List<Child> links = filter.children();
        if (links.size() != 1 || links.get(0).node() != null) {
            throw new BlockException(
                    Kind.WRONG_STATE,
                    filter.describe() + " cannot be a backend's filter: it must have one link, and that empty");
        }
        return links.get(0);
    }

    static void remove(final BlockLayer layer, final BlockBackend backend, final BlockNode filter)
            throws BlockException {
        final MediumSlot slot = backend.slot();
        final Child above = slot.linkTo(filter);
        if (above == null) {
            throw new BlockException(Kind.NOT_FOUND, filter.describe() + " is no filter of " + backend.describe());
        }
        final Child below = filter.children().get(0);
        final BlockNode next = below.node();
        final GraphChange change = new GraphChange().detach(below);
        if (next == null) {
            change.detach(above);
        } else {
            change.attach(above, next, above.permissions(), above.shared());
        }
        layer.apply(backend.domain(), change, List.of(backend), () -> {
            slot.removeFilterLink(below, above);
            backend.childResized();
        });
    }

    static void removeAll(final BlockLayer layer, final BlockBackend backend) throws BlockException {
        for (final BlockNode filter : backend.slot().filters()) {
            remove(layer, backend, filter);
        }
    }
}
