package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionFrame;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A driver's place in the graph: its name, links, permissions, drain state, and the requests it is working on.
 *
 * <p>A node runs in one context for its whole life. Requests come through {@link #submit}; what its driver cannot take as
 * it is goes through {@link RequestShaper}. The graph's structure is changed by {@link GraphChange} only.
 */
public final class BlockNode implements Parent, CompletionFrame {
    static final int UNTRACKED = -1;

    private final String name;
    private final BlockDriver driver;
    private final IoDomain domain;
    private final NodeOptions options;
    private final List<Child> children = new ArrayList<>();
    private final List<Child> parents = new ArrayList<>();
    private final AtomicInteger references = new AtomicInteger(1);

    private final BlockLimits limits;
    private final boolean tracks;
    private final boolean writesAreSpecial;
    private final RequestShaper shaper;
    private final OperationBlockers blockers = new OperationBlockers();

    private int permissions = Permission.NONE;
    private int shared = Permission.ALL;
    private int quiesceCount;
    private int hurryCount;
    private int inFlight;
    private long writeGeneration;

    /** A node with one reference, the caller's; without parents or permissions yet. */
    public BlockNode(final String name, final BlockDriver driver, final IoDomain domain, final NodeOptions options) {
        this.name = name;
        this.driver = driver;
        this.domain = domain;
        this.options = driver.readOnly() ? options.withReadOnly(true) : options;
        this.limits = driver.limits();
        this.tracks = limits.requestAlignment() > 1;
        this.writesAreSpecial = this.options.readOnly() || options.detectZeroes() != NodeOptions.DetectZeroes.OFF;
        this.shaper = new RequestShaper(this);
    }

    // ---- what it is ----

    public String name() {
        return name;
    }

    public BlockDriver driver() {
        return driver;
    }

    @Override
    public IoDomain domain() {
        return domain;
    }

    public NodeOptions options() {
        return options;
    }

    public BlockLimits limits() {
        return limits;
    }

    public boolean readOnly() {
        return options.readOnly();
    }

    /** Length in bytes, rounded up to whole 512-byte sectors. */
    public long length() {
        final long exact = driver.length();
        return exact + (-exact & 511);
    }

    /** True when there is something to read here and in every child that data comes from. */
    public boolean inserted() {
        if (!driver.inserted()) {
            return false;
        }
        for (final Child child : children) {
            final BlockNode below = child.node();
            if (below != null && !below.inserted()) {
                return false;
            }
        }
        return true;
    }

    /** The links to the nodes below, in the order in which they were made. */
    public List<Child> children() {
        return Collections.unmodifiableList(children);
    }

    /** The links from above. The context's thread, or under the layer's graph lock. */
    public List<Child> parents() {
        return Collections.unmodifiableList(parents);
    }

    /** Makes an empty link to a child; before the node has parents. */
    public Child newChild(final String role) {
        final Child child = new Child(this, role);
        child.hurry(hurryCount > 0);
        children.add(child);
        return child;
    }

    /** Union of what the parents take. */
    public int permissions() {
        return permissions;
    }

    /** Intersection of what the parents leave to others. */
    public int shared() {
        return shared;
    }

    void permissions(final int newPermissions, final int newShared) {
        permissions = newPermissions;
        shared = newShared;
    }

    /** What is forbidden on this node at present. */
    public OperationBlockers blockers() {
        return blockers;
    }

    // ---- references ----

    /** Takes a reference; on a node that has none left it is a programming error. */
    public BlockNode reference() {
        if (references.getAndUpdate(count -> count == 0 ? 0 : count + 1) == 0) {
            throw new IllegalStateException("reference to dead " + describe());
        }
        return this;
    }

    /** Gives a reference back; true when it was the last, and the caller has to dispose of the node. */
    public boolean release() {
        final int left = references.decrementAndGet();
        if (left < 0) {
            throw new IllegalStateException("released too often: " + describe());
        }
        return left == 0;
    }

    public int references() {
        return references.get();
    }

    // ---- requests; the context's thread ----

    /** Carries out a request that lies within the node's length. */
    public void submit(final BlockRequest request) {
        inFlight++;
        if (isPlain(request)) {
            request.push(this, UNTRACKED);
            driver.start(request);
        } else {
            shaper.shape(request);
        }
    }

    private boolean isPlain(final BlockRequest request) {
        if (tracks) {
            return false;
        }
        final Operation operation = request.operation();
        return operation == Operation.READ
                ? request.length() <= limits.maxTransfer()
                : operation == Operation.WRITE
                        && !writesAreSpecial
                        && request.length() <= limits.maxTransfer()
                        && (limits.fua() || !request.has(RequestFlags.FUA));
    }

    @Override
    public boolean completed(final BlockRequest request, final long saved) {
        if (saved != UNTRACKED) {
            shaper.leave((int) saved);
        }
        if (request.operation().modifies()) {
            writeGeneration++;
        }
        inFlight--;
        if (inFlight == 0 && quiesceCount > 0) {
            domain.drainWaiters().check();
        }
        return true;
    }

    /** Counts the modifications that have completed, well or in part, for flushes that would have nothing to do. */
    public long writeGeneration() {
        return writeGeneration;
    }

    /** Requests that entered and have not completed. */
    public int inFlight() {
        return inFlight;
    }

    // ---- drain; the context's thread ----

    /** Makes parents stop sending. Nests; every begin needs its end. Use {@link #quiet} to see when all is still. */
    public void drainBegin() {
        if (quiesceCount++ == 0) {
            for (final Child link : List.copyOf(parents)) {
                link.parent().childDrainBegin();
            }
            hurryBegin();
        }
    }

    /** The counterpart of {@link #drainBegin}. */
    public void drainEnd() {
        if (quiesceCount == 0) {
            throw new IllegalStateException("drain ended more often than begun: " + describe());
        }
        if (--quiesceCount == 0) {
            hurryEnd();
            for (final Child link : List.copyOf(parents)) {
                link.parent().childDrainEnd();
            }
        }
    }

    /** How many drains of this node, or of what is below it, are in force. */
    public int quiesceCount() {
        return quiesceCount;
    }

    /** What is above waits for its requests: whatever is held back here or below goes on. */
    void hurryBegin() {
        if (hurryCount++ == 0) {
            driver.drainBegin();
            children.forEach(child -> child.hurry(true));
        }
    }

    void hurryEnd() {
        if (--hurryCount == 0) {
            children.forEach(child -> child.hurry(false));
            driver.drainEnd();
        }
    }

    @Override
    public boolean quiet() {
        if (inFlight > 0) {
            return false;
        }
        for (final Child link : parents) {
            if (!link.parent().quiet()) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void childDrainBegin() {
        drainBegin();
    }

    @Override
    public void childDrainEnd() {
        drainEnd();
    }

    @Override
    public void childResized() {
        driver.childResized();
        resized();
    }

    /** Tells what is above that the length has changed. The context's thread, under drain. */
    public void resized() {
        for (final Child link : List.copyOf(parents)) {
            link.parent().childResized();
        }
    }

    void addParent(final Child link) {
        parents.add(link);
        if (quiesceCount > 0) {
            link.parent().childDrainBegin();
        }
    }

    void removeParent(final Child link) {
        parents.remove(link);
        if (quiesceCount > 0) {
            link.parent().childDrainEnd();
        }
    }

    @Override
    public String describe() {
        return "node '" + name + "'";
    }

    @Override
    public String toString() {
        return "BlockNode[" + name + ", " + driver.driverName() + "]";
    }
}
