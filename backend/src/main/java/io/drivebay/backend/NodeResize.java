package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockedOperation;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.GraphChange;
import io.drivebay.backend.graph.IoDomain;
import io.drivebay.backend.graph.Parent;
import io.drivebay.backend.graph.Permission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One change of a node's length. A user of the node for as long as it takes, with the permission to resize, so that every
 * other user has its say.
 */
final class NodeResize implements Parent {
    private final BlockLayer layer;
    private final BlockNode node;
    private final long newLengthBytes;
    private final Child link = new Child(this, "resize");

    NodeResize(final BlockLayer layer, final BlockNode node, final long newLengthBytes) {
        this.layer = layer;
        this.node = node;
        this.newLengthBytes = newLengthBytes;
    }

    /** Under the graph lock. */
    void run() throws BlockException {
        if (newLengthBytes < 0) {
            throw new BlockException(
                    Kind.INVALID_OPTION, node.describe() + " cannot have a length of " + newLengthBytes + " bytes");
        }
        if (node.readOnly()) {
            throw new BlockException(Kind.READ_ONLY, node.describe() + " is read-only and cannot be resized");
        }
        node.blockers().check(BlockedOperation.RESIZE);
        apply(new GraphChange().attach(link, node, Permission.RESIZE.bit(), Permission.ALL));
        try {
            resizeDrained();
        } finally {
            apply(new GraphChange().detach(link));
        }
    }

    private void apply(final GraphChange change) throws BlockException {
        layer.apply(node.domain(), change, List.of(), () -> {});
    }

    private void resizeDrained() throws BlockException {
        final Map<BlockNode, Long> lengths = new LinkedHashMap<>();
        measureTree(node, lengths);
        final BlockLayer.Drain drain = layer.drain(node);
        try {
            node.driver().resize(newLengthBytes);
            node.domain()
                    .context()
                    .run(() -> lengths.forEach((resized, before) -> {
                        if (resized.driver().length() != before) {
                            resized.resized();
                        }
                    }));
        } finally {
            drain.close();
        }
    }

    /** Children first: a driver may pass the change on to them. */
    private static void measureTree(final BlockNode from, final Map<BlockNode, Long> lengths) {
        for (final Child child : from.children()) {
            final BlockNode below = child.node();
            if (below != null) {
                measureTree(below, lengths);
            }
        }
        lengths.put(from, from.driver().length());
    }

    @Override
    public String describe() {
        return "the change of length";
    }

    @Override
    public IoDomain domain() {
        return node.domain();
    }

    @Override
    public void childDrainBegin() {
        // sends no requests
    }

    @Override
    public void childDrainEnd() {
        // sends no requests
    }

    @Override
    public boolean quiet() {
        return true;
    }

    @Override
    public void childResized() {
        // asked for it
    }
}
