package io.drivebay.backend.graph;

import io.drivebay.backend.graph.BlockException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A change to the graph's links and permissions that happens as a whole or not at all.
 *
 * <p>First everything is worked out on paper: what each affected node's parents would take and share, down to the leaves.
 * Then drivers take what they need outside the process (file locks). Only when all agree are the links changed, in the
 * context's thread. The caller holds the layer's graph lock from beginning to end, and drains what {@link
 * #nodesToDrain} names around {@link #apply}.
 */
public final class GraphChange {
    /** Where a link will point, and with which permissions. */
    private record Target(@Nullable BlockNode node, int permissions, int shared) {}

    /** What all parents together will take and share. */
    private record Claim(int permissions, int shared) {}

    private final Map<Child, Target> links = new LinkedHashMap<>();
    private final Map<BlockNode, Claim> claims = new LinkedHashMap<>();
    private final ArrayDeque<BlockNode> affected = new ArrayDeque<>();
    private final List<BlockNode> left = new ArrayList<>();

    /** Points a link, empty or not, to a node, taking and sharing permissions. */
    public GraphChange attach(final Child link, final BlockNode node, final int permissions, final int shared)
            throws BlockException {
        refuseIfFrozen(link);
        refuseCycle(link, node);
        plan(link, new Target(node, permissions, shared));
        return this;
    }

    /** Empties a link. */
    public GraphChange detach(final Child link) throws BlockException {
        refuseIfFrozen(link);
        plan(link, new Target(null, Permission.NONE, Permission.ALL));
        return this;
    }

    /** Changes what is taken and shared through a link. */
    public GraphChange permissions(final Child link, final int permissions, final int shared) {
        plan(link, new Target(link.node(), permissions, shared));
        return this;
    }

    private void plan(final Child link, final Target target) {
        final BlockNode old = link.node();
        links.put(link, target);
        if (old != null) {
            affected.add(old);
        }
        if (target.node() != null && target.node() != old) {
            affected.add(target.node());
        }
    }

    private static void refuseIfFrozen(final Child link) throws BlockException {
        if (link.frozen()) {
            throw new BlockException(Kind.IN_USE, "cannot change the link of " + link.describe() + ": it is frozen");
        }
    }

    private static void refuseCycle(final Child link, final BlockNode node) throws BlockException {
        if (link.parent() instanceof BlockNode above) {
            if (above.domain() != node.domain()) {
                throw new BlockException(
                        Kind.IN_USE, above.describe() + " and " + node.describe() + " run in different contexts");
            }
            if (reaches(node, above)) {
                throw new BlockException(
                        Kind.IN_USE,
                        "making " + node.describe() + " a child of " + above.describe() + " would create a cycle");
            }
        }
    }

    private static boolean reaches(final BlockNode from, final BlockNode to) {
        if (from == to) {
            return true;
        }
        for (final Child child : from.children()) {
            final BlockNode below = child.node();
            if (below != null && reaches(below, to)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Works the change out and has the drivers take what they need. A control thread; may block. To be followed by
     * {@link #apply} and {@link #finish}, or by {@link #abort}.
     *
     * @throws BlockException when the change cannot be; then nothing has changed and nothing is to be undone
     */
    public GraphChange prepare() throws BlockException {
        check();
        final List<BlockNode> prepared = new ArrayList<>();
        try {
            for (final Map.Entry<BlockNode, Claim> entry : claims.entrySet()) {
                final Claim claim = entry.getValue();
                entry.getKey().driver().preparePermissions(claim.permissions(), claim.shared());
                prepared.add(entry.getKey());
            }
        } catch (final BlockException e) {
            prepared.forEach(node -> node.driver().abortPermissions());
            throw e;
        }
        return this;
    }

    /** Changes the links. The context's thread; everything whose links change is drained. */
    public void apply() {
        for (final Map.Entry<Child, Target> entry : links.entrySet()) {
            final Child link = entry.getKey();
            final Target target = entry.getValue();
            final BlockNode old = link.node();
            link.permissions(target.permissions(), target.shared());
            if (target.node() != old) {
                link.relink(target.node());
                if (old != null) {
                    left.add(old);
                }
                if (target.node() != null) {
                    target.node().reference();
                }
            }
        }
        claims.forEach((node, claim) -> node.permissions(claim.permissions(), claim.shared()));
    }

    /**
     * Lets the drivers give up what they no longer need. A control thread, after {@link #apply}.
     *
     * @return nodes that lost their last reference; the caller disposes of them
     */
    public List<BlockNode> finish() {
        claims.keySet().forEach(node -> node.driver().commitPermissions());
        final List<BlockNode> dead = new ArrayList<>();
        for (final BlockNode node : left) {
            if (node.release()) {
                dead.add(node);
            }
        }
        return dead;
    }

    /** Gives back what {@link #prepare} took. A control thread. */
    public void abort() {
        claims.keySet().forEach(node -> node.driver().abortPermissions());
    }

    /** The nodes that links will be taken from or pointed to: what has to be drained. */
    public List<BlockNode> nodesToDrain() {
        final List<BlockNode> nodes = new ArrayList<>();
        links.forEach((link, target) -> {
            if (target.node() != link.node()) {
                addIfNew(nodes, link.node());
                addIfNew(nodes, target.node());
            }
        });
        return nodes;
    }

    private static void addIfNew(final List<BlockNode> nodes, final @Nullable BlockNode node) {
        if (node != null && !nodes.contains(node)) {
            nodes.add(node);
        }
    }

    /** Works out all claims without changing anything. */
    public GraphChange check() throws BlockException {
        for (BlockNode node = affected.poll(); node != null; node = affected.poll()) {
            final Claim claim = claimOn(node);
            claims.put(node, claim);
            for (final Child child : node.children()) {
                pass(node, claim, child);
            }
        }
        return this;
    }

    /** Passes a node's claim on to one of its children, if that changes anything for the child. */
    private void pass(final BlockNode node, final Claim claim, final Child child) {
        final Target planned = target(child);
        if (planned.node() == null) {
            return;
        }
        final int permissions = node.driver().childPermissions(child.role(), claim.permissions());
        final int shared = node.driver().childShared(child.role(), claim.shared());
        if (permissions != planned.permissions() || shared != planned.shared()) {
            plan(child, new Target(planned.node(), permissions, shared));
            affected.add(planned.node());
        }
    }

    private Target target(final Child link) {
        final Target planned = links.get(link);
        return planned != null ? planned : new Target(link.node(), link.permissions(), link.shared());
    }

    /** What the parents that a node will have take and share together; refused when two of them conflict. */
    private Claim claimOn(final BlockNode node) throws BlockException {
        final List<Child> parents = new ArrayList<>(node.parents());
        for (final Child link : links.keySet()) {
            if (!parents.contains(link)) {
                parents.add(link);
            }
        }
        parents.removeIf(link -> target(link).node() != node);
        int permissions = Permission.NONE;
        int shared = Permission.ALL;
        for (final Child link : parents) {
            for (final Child other : parents) {
                refuseConflict(node, link, other);
            }
            permissions |= target(link).permissions();
            shared &= target(link).shared();
        }
        refuseImpossible(node, permissions);
        return new Claim(permissions, shared);
    }

    private void refuseConflict(final BlockNode node, final Child user, final Child other) throws BlockException {
        final int missing = target(user).permissions() & ~target(other).shared();
        if (user != other && missing != 0) {
            throw new BlockException(
                    Kind.IN_USE,
                    "conflicting use of " + node.describe() + ": " + user.describe() + " needs '"
                            + Permission.describe(missing) + "', which " + other.describe() + " does not share");
        }
    }

    private static void refuseImpossible(final BlockNode node, final int permissions) throws BlockException {
        final int writing = Permission.set(Permission.WRITE, Permission.WRITE_UNCHANGED);
        if (node.readOnly() && Permission.WRITE.in(permissions)) {
            throw new BlockException(Kind.IN_USE, node.describe() + " is read-only and cannot be opened for writing");
        }
        final boolean ragged = node.driver().length() % node.limits().requestAlignment() != 0;
        if (ragged && (permissions & writing) != 0 && !Permission.RESIZE.in(permissions)) {
            throw new BlockException(
                    Kind.IN_USE,
                    node.describe() + " has " + node.driver().length() + " bytes, no multiple of its request alignment "
                            + node.limits().requestAlignment() + ": it cannot be written to without resizing it");
        }
    }
}
