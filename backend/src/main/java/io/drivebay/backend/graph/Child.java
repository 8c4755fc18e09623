package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Status;
import org.jspecify.annotations.Nullable;

/**
 * A link from a parent to a node: a role, the permissions taken through it, and those left to others.
 *
 * <p>Links are made and changed by {@link GraphChange} only.
 */
public final class Child {
    private final Parent parent;
    private final String role;
    private @Nullable BlockNode node;
    private int permissions;
    private int shared = Permission.ALL;
    private boolean hurried;
    private volatile boolean frozen;

    /** A link without a node yet. */
    public Child(final Parent parent, final String role) {
        this.parent = parent;
        this.role = role;
    }

    public Parent parent() {
        return parent;
    }

    /** The link's name within its parent, such as {@code file}, {@code backing} or {@code root}. */
    public String role() {
        return role;
    }

    /** The node below; null while the link is empty. */
    public @Nullable BlockNode node() {
        return node;
    }

    /** The node below; an empty link is a programming error here. */
    public BlockNode requireNode() {
        final BlockNode found = node;
        if (found == null) {
            throw new IllegalStateException("link " + describe() + " is empty");
        }
        return found;
    }

    /** Passes a request to the node below, or fails it with NO_MEDIUM when the link is empty. The context's thread. */
    public void submit(final BlockRequest request) {
        final BlockNode target = node;
        if (target == null) {
            request.fail(Status.NO_MEDIUM, describe());
        } else {
            target.submit(request);
        }
    }

    /** {@link Permission} bits that the parent takes. */
    public int permissions() {
        return permissions;
    }

    /** {@link Permission} bits that the parent leaves to others. */
    public int shared() {
        return shared;
    }

    /** While frozen, the link can be neither removed nor replaced. */
    public boolean frozen() {
        return frozen;
    }

    public void frozen(final boolean newFrozen) {
        frozen = newFrozen;
    }

    /** The parent and the role, for messages. */
    public String describe() {
        return parent.describe() + " as '" + role + "'";
    }

    void permissions(final int newPermissions, final int newShared) {
        permissions = newPermissions;
        shared = newShared;
    }

    /** While hurried, what is held back below goes on at once: the parent waits for its requests. The context's thread. */
    public void hurry(final boolean begin) {
        hurried = begin;
        final BlockNode below = node;
        if (below != null && begin) {
            below.hurryBegin();
        } else if (below != null) {
            below.hurryEnd();
        }
    }

    /** Points the link elsewhere, keeping both sides' drain counts in balance. The context's thread. */
    void relink(final @Nullable BlockNode target) {
        final BlockNode old = node;
        if (target != null) {
            target.addParent(this);
            if (hurried) {
                target.hurryBegin();
            }
        }
        node = target;
        if (old != null) {
            if (hurried) {
                old.hurryEnd();
            }
            old.removeParent(this);
        }
    }
}
