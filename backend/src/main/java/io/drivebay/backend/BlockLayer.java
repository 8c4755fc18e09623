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
import io.drivebay.backend.graph.Parent;
import io.drivebay.backend.object.LayerObjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Owns everything: contexts, nodes, backends and their names. There is nothing process-wide, so that two layers can live
 * in one JVM and a test can throw one away.
 *
 * <p>This is the control plane. Its methods are for control threads, never for a context's own thread (a stepped
 * context's excepted, which they run by themselves); they may block, and take turns by one lock. What they change in a
 * running tree they change in its context, while it is drained.
 */
public final class BlockLayer implements AutoCloseable {
    /** How many requests a backend's ring holds unless said otherwise. */
    public static final int DEFAULT_RING_CAPACITY = 256;

    private static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(30);
    /** Well-formed names, as QEMU has them: a letter first, then letters, digits, and - . _ */
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    private final GraphLock lock = new GraphLock();
    private final NodeTable nodes = new NodeTable(this);
    private final Drives drives = new Drives(this);
    private final List<BlockBackend> backends = new CopyOnWriteArrayList<>();
    private final Drainers drainers = new Drainers(lock, backends, nodes);
    private final LayerObjects objects = new LayerObjects(drainers::inhabited);
    private final RunState runState = new RunState(backends);
    private final Map<String, BlockBackend> named = new LinkedHashMap<>();
    private final EventListeners listeners = new EventListeners();
    private volatile long drainTimeoutNs = DEFAULT_DRAIN_TIMEOUT.toNanos();
    private boolean changing;

    GraphLock lock() {
        return lock;
    }

    // ---- contexts ----

    /** Makes a context known; it stays its creator's to close, after this layer. */
    public IoContext addContext(final IoContext context) {
        domain(context);
        return context;
    }

    /** What the nodes of a context share. */
    public IoDomain domain(final IoContext context) {
        return drainers.of(context).domain();
    }

    Drainer drainer(final IoDomain domain) {
        return drainers.of(domain.context());
    }

    /** What nodes and exports refer to by id. */
    public LayerObjects objects() {
        return objects;
    }

    // ---- backends ----

    /** A new anonymous backend without a medium, with one reference: the caller's. */
    public BlockBackend createBackend(final IoContext context) {
        return createBackend(context, DEFAULT_RING_CAPACITY);
    }

    /** A new anonymous backend whose ring holds a number of requests, rounded up to a power of two. */
    public BlockBackend createBackend(final IoContext context, final int ringCapacity) {
        return lock.reading(() -> {
            final Drainer drainer = drainers.of(context);
            final BlockBackend backend = new BlockBackend(this, drainer.domain(), ringCapacity);
            backend.name(null);
            context.run(() -> drainer.whole().join(backend));
            backends.add(backend);
            return backend;
        });
    }

    /**
     * Gives an anonymous backend a name. Takes no reference.
     *
     * @throws BlockException BAD_NAME when the name is malformed or that of another backend or a node
     */
    public void nameBackend(final BlockBackend backend, final String name) throws BlockException {
        lock.locked(() -> {
            if (backend.name() != null) {
                throw new BlockException(Kind.BAD_NAME, backend.describe() + " has a name already");
            }
            refuseBadName(name);
            named.put(name, backend);
            backend.name(name);
        });
    }

    /** Takes a backend's name away; it lives on, and the name is free at once. */
    public void removeName(final BlockBackend backend) {
        lock.reading(() -> {
            final String name = backend.name();
            if (name != null) {
                named.remove(name);
                backend.name(null);
            }
            return name;
        });
    }

    void refuseBadName(final String name) throws BlockException {
        if (!WELL_FORMED.matcher(name).matches()) {
            throw new BlockException(
                    Kind.BAD_NAME,
                    "'" + name + "' is no well-formed name: a letter, then letters, digits, '-', '.' or '_'");
        }
        if (named.containsKey(name) || nodes.find(name) != null) {
            throw new BlockException(Kind.BAD_NAME, "the name '" + name + "' is taken");
        }
    }

    /** The backend with a name; null when there is none. Anonymous backends are not found. */
    public @Nullable BlockBackend backend(final String name) {
        return lock.reading(() -> named.get(name));
    }

    /** The backend that the device with an id is attached to; null when there is none. Any thread. */
    public @Nullable BlockBackend backendOfDevice(final String deviceId) {
        for (final BlockBackend backend : backends) {
            final BlockDevice device = backend.device();
            if (device != null && device.id().equals(deviceId)) {
                return backend;
            }
        }
        return null;
    }

    /** All live backends, named or not, in the order of their making. Any thread. */
    public List<BlockBackend> backends() {
        return List.copyOf(backends);
    }

    /** Ends a backend whose last reference is being given back. Under the graph lock. */
    void delete(final BlockBackend backend) throws BlockException {
        if (backend.name() != null || backend.device() != null) {
            throw new IllegalStateException(
                    backend.describe() + " lost its last reference while it has a name or a device");
        }
        if (backend.slot().occupied()) {
            removeMedium(backend);
        }
        SlotFilters.removeAll(this, backend);
        drainer(backend.domain()).during(List.of(backend), () -> {}, drainTimeoutNs);
        backend.die();
        backends.remove(backend);
    }

    // ---- legacy drives ----

    /**
     * Makes a named backend that the layer itself owns, as {@code drive_add} does, until {@link #deleteDrive}.
     *
     * @param medium what to put in, which becomes the drive's own; null for an empty drive
     * @throws BlockException BAD_NAME, or IN_USE when the medium cannot be taken; then it is still the caller's
     */
    public BlockBackend addDrive(final String name, final IoContext context, final @Nullable BlockNode medium)
            throws BlockException {
        return lock.changing(() -> drives.add(name, context, medium));
    }

    /**
     * Ends a drive although a device may still use it: its medium goes at once (what is in flight ends first), its name is
     * free at once; the device finds no medium from then on, and the backend lives as long as the device is attached. The
     * name of a node instead deletes the node.
     *
     * @throws BlockException NOT_FOUND; IN_USE for a backend that {@link #addDrive} has not made, or a blocked operation
     */
    public void deleteDrive(final String name) throws BlockException {
        lock.locked(() -> drives.delete(name));
    }

    /**
     * Detaches a device that is going away, once its last request has ended. A drive goes with it; a backend made
     * otherwise stays, with its name and medium.
     */
    public void unplugDevice(final BlockBackend backend) throws BlockException {
        lock.locked(() -> drives.unplug(backend));
    }

    // ---- nodes ----

    /**
     * Adds a node, owned by the caller until {@link #deleteNode}.
     *
     * @param name the node's name; null for a generated one
     * @param driver what the node is made of; closed when the node cannot be added
     * @param children the nodes below, by role; in the same context
     * @throws BlockException BAD_NAME, or IN_USE when the permissions conflict; then the driver has been closed
     */
    public BlockNode addNode(
            final @Nullable String name,
            final IoContext context,
            final NodeOptions options,
            final BlockDriver driver,
            final Map<String, BlockNode> children)
            throws BlockException {
        return lock.changing(() -> nodes.add(name, drainers.of(context).domain(), options, driver, children));
    }

    /** The node with a name; null when there is none. */
    public @Nullable BlockNode node(final String name) {
        return lock.reading(() -> nodes.find(name));
    }

    /** All live nodes, in the order of their making. */
    public Collection<BlockNode> nodes() {
        return lock.reading(nodes::all);
    }

    /**
     * Gives up the owner's reference to a node that nothing else uses; its tree goes with it as far as that was its own.
     *
     * @throws BlockException NOT_FOUND for an unknown node, IN_USE while a backend, a node or a job holds it
     */
    public void deleteNode(final String name) throws BlockException {
        changeNodes(() -> nodes.delete(name));
    }

    /** Gives up the owner's reference; the node lives on for as long as others hold it. */
    public void disown(final BlockNode node) throws BlockException {
        changeNodes(() -> nodes.disown(node));
    }

    /** Gives back a reference that was taken by {@link BlockNode#reference}; the node ends if it was the last. */
    public void release(final BlockNode node) throws BlockException {
        changeNodes(() -> nodes.release(node));
    }

    private void changeNodes(final GraphLock.Action action) throws BlockException {
        lock.locked(() -> {
            refuseNestedChange();
            action.run();
        });
    }

    /**
     * Changes a node's length: under drain, with everything above told before requests run again.
     *
     * @throws BlockException IN_USE when a user of the node does not allow it, READ_ONLY, NOT_SUPPORTED, IO
     */
    public void resize(final BlockNode node, final long newLengthBytes) throws BlockException {
        lock.locked(() -> new NodeResize(this, node, newLengthBytes).run());
    }

    // ---- media ----

    /**
     * Puts a medium into an empty backend. Begins a new generation.
     *
     * @throws BlockException WRONG_STATE when there is one already; IN_USE when the permissions conflict
     */
    public void insertMedium(final BlockBackend backend, final BlockNode medium) throws BlockException {
        lock.locked(() -> {
            if (backend.slot().occupied()) {
                throw new BlockException(Kind.WRONG_STATE, "there already is a medium in " + backend.describe());
            }
            new MediumSwap(this, backend, medium, true).run();
        });
    }

    /**
     * Takes the medium out after what is in flight has ended on it. Name, device, policies and filters stay.
     *
     * @throws BlockException WRONG_STATE when the backend is empty; TIMEOUT when requests do not end
     */
    public void removeMedium(final BlockBackend backend) throws BlockException {
        lock.locked(() -> {
            if (!backend.slot().occupied()) {
                throw new BlockException(Kind.WRONG_STATE, "there is no medium in " + backend.describe());
            }
            new MediumSwap(this, backend, null, true).run();
        });
    }

    /**
     * Changes the medium for another one as a whole: what was submitted before ends on the old one, what comes later goes
     * to the new one, and when anything fails the old one is still there. Begins a new generation.
     *
     * @return how long requests were held back, in nanoseconds
     */
    public long changeMedium(final BlockBackend backend, final BlockNode medium) throws BlockException {
        return lock.changing(() -> new MediumSwap(this, backend, medium, true).run());
    }

    /**
     * Puts another node in the place of the medium's root that has the same content, such as an overlay on it. Keeps the
     * generation.
     *
     * @return how long requests were held back, in nanoseconds
     */
    public long replaceRoot(final BlockBackend backend, final BlockNode root) throws BlockException {
        return lock.changing(() -> new MediumSwap(this, backend, root, false).run());
    }

    /**
     * Puts a filter above whatever is in the backend, now and later: it stays when the medium changes.
     *
     * @param filter a node without parents, with one empty link to what it filters
     * @throws BlockException WRONG_STATE when it is no such node; IN_USE when the permissions conflict
     */
    public void addFilter(final BlockBackend backend, final BlockNode filter) throws BlockException {
        lock.locked(() -> SlotFilters.add(this, backend, filter));
    }

    /**
     * Takes a filter out of a backend again.
     *
     * @throws BlockException NOT_FOUND when it is not one of the backend's filters
     */
    public void removeFilter(final BlockBackend backend, final BlockNode filter) throws BlockException {
        lock.locked(() -> SlotFilters.remove(this, backend, filter));
    }

    void setPermissions(final BlockBackend backend, final int permissions, final int shared) throws BlockException {
        final Child link = backend.slot().top();
        if (link.node() != null) {
            apply(backend.context(), new GraphChange().permissions(link, permissions, shared), List.of(), () -> {});
        }
        backend.permissions(permissions, shared);
    }

    // ---- events ----

    /** Adds a listener to what happens to devices and media. Any thread. */
    public void addListener(final BlockEvents listener) {
        listeners.add(listener);
    }

    public void removeListener(final BlockEvents listener) {
        listeners.remove(listener);
    }

    EventListeners listeners() {
        return listeners;
    }

    /** Whether the machine that uses the disks runs. */
    public RunState runState() {
        return runState;
    }

    // ---- changes to the graph ----

    /**
     * Carries a change out, in the context, while nothing is on its way through the links that it touches; all or nothing.
     *
     * @param alsoDrain what is to be drained beside that, and before it
     * @param inContext what else is to happen in the same instant
     */
    void apply(
            final IoContext context,
            final GraphChange change,
            final List<? extends Drainable> alsoDrain,
            final Runnable inContext)
            throws BlockException {
        if (change.isEmpty()) {
            return;
        }
        refuseNestedChange();
        changing = true;
        try {
            change.prepare();
            drainAndApply(context, change, alsoDrain, inContext);
        } finally {
            changing = false;
        }
        for (final BlockNode dead : change.finish()) {
            nodes.dispose(dead);
        }
    }

    private void drainAndApply(
            final IoContext context,
            final GraphChange change,
            final List<? extends Drainable> alsoDrain,
            final Runnable inContext)
            throws BlockException {
        final List<Drainable> targets = new ArrayList<>(alsoDrain);
        for (final Parent parent : change.parentsToDrain()) {
            targets.add(Drainable.of(parent));
        }
        final Runnable action = () -> {
            change.apply();
            inContext.run();
        };
        try {
            drainers.of(context).during(targets, action, drainTimeoutNs);
        } finally {
            if (!change.applied()) {
                change.abort();
            }
        }
    }

    /* A stepped context runs call-backs in the thread that waits for it; they must not change what is being changed. */
    private void refuseNestedChange() throws BlockException {
        if (changing) {
            throw new BlockException(Kind.IN_USE, "another change of the graph is waiting for requests to end");
        }
    }

    // ---- drain ----

    /** Ends a drain when closed; a control thread. Closing twice does nothing. */
    public interface Drain extends AutoCloseable {
        @Override
        void close();
    }

    long drainTimeoutNs() {
        return drainTimeoutNs;
    }

    /** The longest time that any drain waits for requests to end. Any thread. */
    public void drainTimeout(final Duration timeout) {
        drainTimeoutNs = timeout.toNanos();
    }

    /** Drains a node and everything above it until the result is closed; nests. Holds the node meanwhile. */
    public Drain drain(final BlockNode node) throws BlockException {
        return new HeldDrain(
                drainer(node.domain()), Drainable.of(node), drainTimeoutNs, node::reference, () -> release(node));
    }

    /** Drains a backend until the result is closed; nests. Holds the backend meanwhile. */
    public Drain drain(final BlockBackend backend) throws BlockException {
        return drain(backend, backend);
    }

    /** Drains every node and every backend; what is made meanwhile starts drained. Nests. */
    public Drain drainAll() throws BlockException {
        return lock.changing(() -> drainers.drainAll(drainTimeoutNs));
    }

    /** Drains a backend and, unless it was drained before, empties its ring. */
    Drain drainEmptying(final BlockBackend backend) throws BlockException {
        return drain(backend, backend.new Emptied());
    }

    private Drain drain(final BlockBackend backend, final Drainable target) throws BlockException {
        return new HeldDrain(drainer(backend.domain()), target, drainTimeoutNs, backend::reference, backend::release);
    }

    /** Every request that is pending now, one a line: backend, operation, offset, length, age, where it is. */
    public String pendingRequests() {
        return drainers.report();
    }

    /** The graph as it is now: backends and nodes in members that JSON can carry, for queries and reports. */
    public Map<String, Object> describe() {
        return lock.reading(() -> GraphDescription.of(backends, nodes.all()));
    }

    /** Removes all media, closes the layer's own nodes and all objects. Other contexts are left to their creators. */
    @Override
    public void close() {
        final LayerEnd ended = lock.reading(() -> {
            final LayerEnd end = new LayerEnd();
            for (final BlockBackend backend : backends) {
                removeName(backend);
                if (backend.slot().occupied()) {
                    end.attempt(() -> removeMedium(backend));
                }
                end.attempt(() -> SlotFilters.removeAll(this, backend));
                backend.die();
            }
            backends.clear();
            for (final BlockNode node : nodes.owned()) {
                end.attempt(() -> disown(node));
            }
            return end;
        });
        objects.close();
        ended.report();
    }
}
