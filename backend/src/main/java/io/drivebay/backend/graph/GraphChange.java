package io.drivebay.backend.graph;

import io.drivebay.backend.graph.BlockException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A change to the graph's links and permissions that happens as a whole or not at all.
 *
 * <p>First everything is worked out on paper: what each affected node's parents would take and share, down to the leaves,
 * and only when that has come to rest whether it goes together. Then drivers take what they need outside the process
 * (file locks). Only when all agree are the links changed, in the context's thread. The caller holds the layer's graph
 * lock from beginning to end, and drains {@link #parentsToDrain} around {@link #apply}.
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
    private boolean applied;

    /** Points a link, empty or not, to a node, taking and sharing permissions. */
    public GraphChange attach(final Child link, final BlockNode node, final int permissions, final int shared)
            throws BlockException {
        refuseIfFrozen(link);
        if (link.parent().domain() != node.domain()) {
            throw new BlockException(
                    Kind.IN_USE, link.parent().describe() + " and " + node.describe() + " run in different contexts");
        }
        plan(link, new Target(node, permissions, shared));
        return this;
    }

    /** Empties a link. */
    public GraphChange detach(final Child link) throws BlockException {
        refuseIfFrozen(link);
        plan(link, new Target(null, Permission.NONE, Permission.ALL));
        return this;
    }

    /** True while nothing has been asked for. */
    public boolean isEmpty() {
        return links.isEmpty();
    }

    /** Changes what is taken and shared through a link. */
    public GraphChange permissions(final Child link, final int permissions, final int shared) {
        plan(link, new Target(target(link).node(), permissions, shared));
        return this;
    }

    private void plan(final Child link, final Target target) {
        final BlockNode before = target(link).node();
        links.put(link, target);
        if (before != null) {
            affected.add(before);
        }
        if (target.node() != null && target.node() != before) {
            affected.add(target.node());
        }
    }

    private static void refuseIfFrozen(final Child link) throws BlockException {
        if (link.frozen()) {
            throw new BlockException(Kind.IN_USE, "cannot change the link of " + link.describe() + ": it is frozen");
        }
    }

    // ---- on paper ----

    /** Works out all claims, and whether they go together, without changing anything. */
    public GraphChange check() throws BlockException {
        refuseCycles();
        for (BlockNode node = affected.poll(); node != null; node = affected.poll()) {
            final Claim claim = claimOn(node);
            claims.put(node, claim);
            for (final Child child : node.children()) {
                pass(node, claim, child);
            }
        }
        for (final Map.Entry<BlockNode, Claim> entry : claims.entrySet()) {
            refuseConflicts(entry.getKey());
            refuseImpossible(entry.getKey(), entry.getValue());
        }
        return this;
    }

    private void refuseCycles() throws BlockException {
        for (final Map.Entry<Child, Target> entry : links.entrySet()) {
            final BlockNode below = entry.getValue().node();
            if (below != null && entry.getKey().parent() instanceof BlockNode above && reaches(below, above)) {
                throw new BlockException(
                        Kind.IN_USE,
                        "making " + below.describe() + " a child of " + above.describe() + " would create a cycle");
            }
        }
    }

    private boolean reaches(final BlockNode from, final BlockNode to) {
        if (from == to) {
            return true;
        }
        for (final Child child : from.children()) {
            final BlockNode below = target(child).node();
            if (below != null && reaches(below, to)) {
                return true;
            }
        }
        return false;
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
        }
    }

    private Target target(final Child link) {
        final Target planned = links.get(link);
        return planned != null ? planned : new Target(link.node(), link.permissions(), link.shared());
    }

    /** The links that a node will have from above. */
    private Set<Child> parentsOf(final BlockNode node) {
        final Set<Child> parents = new LinkedHashSet<>(node.parents());
        parents.addAll(links.keySet());
        parents.removeIf(link -> target(link).node() != node);
        return parents;
    }

    private Claim claimOn(final BlockNode node) {
        int permissions = Permission.NONE;
        int shared = Permission.ALL;
        for (final Child link : parentsOf(node)) {
            permissions |= target(link).permissions();
            shared &= target(link).shared();
        }
        return new Claim(permissions, shared);
    }

    private void refuseConflicts(final BlockNode node) throws BlockException {
        final Set<Child> parents = parentsOf(node);
        for (final Child user : parents) {
            for (final Child other : parents) {
                final int missing = target(user).permissions() & ~target(other).shared();
                if (user != other && missing != 0) {
                    throw new BlockException(
                            Kind.IN_USE,
                            "conflicting use of " + node.describe() + ": " + user.describe() + " needs '"
                                    + Permission.describe(missing) + "', which " + other.describe()
                                    + " does not share");
                }
            }
        }
    }

    private static void refuseImpossible(final BlockNode node, final Claim claim) throws BlockException {
        final int permissions = claim.permissions();
        if ((permissions & ~node.permissions()) == 0) {
            return; // nothing is taken that was not taken before: that never fails
        }
        if (node.readOnly() && Permission.WRITE.in(permissions)) {
            throw new BlockException(
                    Kind.READ_ONLY, node.describe() + " is read-only and cannot be opened for writing");
        }
        final int writing = Permission.set(Permission.WRITE, Permission.WRITE_UNCHANGED);
        final boolean ragged = node.driver().length() % node.limits().requestAlignment() != 0;
        if (ragged && (permissions & writing) != 0 && !Permission.RESIZE.in(permissions)) {
            throw new BlockException(
                    Kind.IN_USE,
                    node.describe() + " has " + node.driver().length() + " bytes, no multiple of its request alignment "
                            + node.limits().requestAlignment() + ": it cannot be written to without resizing it");
        }
    }

    // ---- for real ----

    /**
     * Works the change out and has the drivers take what they need. A control thread; may block. To be followed by
     * {@link #apply} and {@link #finish}, or by {@link #abort}.
     *
     * @throws BlockException when the change cannot be; then nothing has changed and nothing is to be undone
     */
    public GraphChange prepare() throws BlockException {
        check();
        final ArrayDeque<BlockNode> prepared = new ArrayDeque<>();
        boolean complete = false;
        try {
            for (final Map.Entry<BlockNode, Claim> entry : claims.entrySet()) {
                final Claim claim = entry.getValue();
                entry.getKey().driver().preparePermissions(claim.permissions(), claim.shared());
                prepared.push(entry.getKey());
            }
            complete = true;
        } finally {
            if (!complete) {
                prepared.forEach(node -> node.driver().abortPermissions());
            }
        }
        return this;
    }

    /** Those above the links that will point elsewhere: while they are quiet, nothing is on its way through the links. */
    public List<Parent> parentsToDrain() {
        final Set<Parent> parents = new LinkedHashSet<>();
        links.forEach((link, target) -> {
            if (target.node() != link.node()) {
                parents.add(link.parent());
            }
        });
        return List.copyOf(parents);
    }

    /** Changes the links. The context's thread; {@link #parentsToDrain} are quiet. */
    public void apply() {
        applied = true;
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

    /** True once the links have been changed. */
    public boolean applied() {
        return applied;
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
}
