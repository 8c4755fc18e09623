package io.drivebay.backend;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Child;
import io.drivebay.backend.graph.GraphChange;
import io.drivebay.backend.graph.IoDomain;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A layer's nodes: their names, who owns them, how they come and go. All methods under the graph lock. */
final class NodeTable {
    private static final Logger LOG = LoggerFactory.getLogger(NodeTable.class);

    private final BlockLayer layer;
    private final Map<String, BlockNode> nodes = new LinkedHashMap<>();
    /* Those whose first reference is still their maker's. */
    private final Set<BlockNode> owned = new LinkedHashSet<>();
    private int nextGeneratedName;

    NodeTable(final BlockLayer layer) {
        this.layer = layer;
    }

    @Nullable
    BlockNode find(final String name) {
        return nodes.get(name);
    }

    List<BlockNode> all() {
        return List.copyOf(nodes.values());
    }

    List<BlockNode> owned() {
        return List.copyOf(owned);
    }

    /** Adds a node; when that fails its driver is closed. */
    BlockNode add(
            final @Nullable String name,
            final IoDomain domain,
            final NodeOptions options,
            final BlockDriver driver,
            final Map<String, BlockNode> children)
            throws BlockException {
        boolean added = false;
        try {
            if (name != null) {
                layer.refuseBadName(name);
            }
            final BlockNode node = new BlockNode(name != null ? name : generatedName(), driver, domain, options);
            link(node, children);
            driver.attached(node);
            final Drainer drainer = layer.drainer(domain);
            domain.context().run(() -> drainer.whole().join(Drainable.of(node)));
            nodes.put(node.name(), node);
            owned.add(node);
            added = true;
            return node;
        } finally {
            if (!added) {
                driver.close();
            }
        }
    }

    private void link(final BlockNode node, final Map<String, BlockNode> children) throws BlockException {
        final GraphChange change = new GraphChange();
        for (final Map.Entry<String, BlockNode> entry : children.entrySet()) {
            final Child link = node.newChild(entry.getKey());
            change.attach(
                    link,
                    entry.getValue(),
                    node.driver().childPermissions(link.role(), Permission.NONE),
                    node.driver().childShared(link.role(), Permission.ALL));
        }
        layer.apply(node.domain(), change, List.of(), () -> {});
    }

    private String generatedName() {
        String name;
        do {
            name = "#block" + nextGeneratedName++;
        } while (nodes.containsKey(name));
        return name;
    }

    /** Gives up the owner's reference to a node that nobody else uses. */
    void delete(final String name) throws BlockException {
        final BlockNode node = nodes.get(name);
        if (node == null) {
            throw new BlockException(Kind.NOT_FOUND, "cannot delete node '" + name + "': there is none");
        }
        if (!node.parents().isEmpty()) {
            final String user = node.parents().get(0).describe();
            throw new BlockException(Kind.IN_USE, "cannot delete node '" + name + "': " + user + " uses it");
        }
        if (!owned.contains(node) || node.references() > 1) {
            throw new BlockException(Kind.IN_USE, "cannot delete node '" + name + "': it is in use");
        }
        disown(node);
    }

    /** Gives up the owner's reference. */
    void disown(final BlockNode node) throws BlockException {
        if (owned.remove(node)) {
            release(node);
        }
    }

    /** Gives a reference back, and disposes of the node if it was the last. */
    void release(final BlockNode node) throws BlockException {
        if (node.release()) {
            dispose(node);
        }
    }

    /** Ends a node without references: what it has written is flushed, its links are cut, its driver closed. */
    void dispose(final BlockNode node) throws BlockException {
        if (node.writeGeneration() > 0) {
            flush(node);
        }
        nodes.remove(node.name());
        final GraphChange change = new GraphChange();
        for (final Child child : node.children()) {
            child.frozen(false);
            change.detach(child);
        }
        try {
            layer.apply(node.domain(), change, List.of(), () -> {});
        } finally {
            node.driver().close();
        }
    }

    private void flush(final BlockNode node) {
        final IoContext context = node.domain().context();
        final CompletableFuture<Status> done = new CompletableFuture<>();
        context.run(() -> {
            final BlockRequest flush = node.domain().parts().take(request -> {
                done.complete(request.status());
                node.domain().parts().give(request);
            });
            flush.set(Operation.FLUSH, 0, 0, 0);
            flush.startPart(null, context.clock().nanoTime());
            node.submit(flush);
        });
        try {
            final Status status = context.await(done, layer.drainTimeoutNs());
            if (status != Status.OK) {
                LOG.warn("{} is closed although its last flush failed: {}", node.describe(), status);
            }
        } catch (final TimeoutException e) {
            LOG.warn("{} is closed although its last flush has not ended", node.describe(), e);
        }
    }
}
