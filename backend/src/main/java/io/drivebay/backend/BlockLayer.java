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
import io.drivebay.backend.object.LayerObjects;
import java.time.Duration;
import java.util.Collection;
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
    private final List<BlockBackend> liveBackends = new CopyOnWriteArrayList<>();
    private final BackendTable backends = new BackendTable(this, liveBackends);
    private final Drives drives = new Drives(this);
    private final GraphChanges changes = new GraphChanges(this);
    private final Drainers drainers = new Drainers(lock, liveBackends, nodes);
    private final LayerObjects objects = new LayerObjects(drainers::inhabited);
    private final RunState runState = new RunState(liveBackends);
    private final EventListeners listeners = new EventListeners();
    private volatile long drainTimeoutNs = DEFAULT_DRAIN_TIMEOUT.toNanos();

    GraphLock lock() {
        return lock;
    }

    // ---- contexts ----

    /** Makes a context known, which whatever lives in it does, too; it stays its creator's to close, after this layer. */
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

    /**
     * As {@link #createBackend(IoContext)}.
     *
     * @param ringCapacity how many requests its ring holds, rounded up to a power of two
     */
    public BlockBackend createBackend(final IoContext context, final int ringCapacity) {
        return lock.reading(() -> backends.add(drainers.of(context), ringCapacity));
    }

    /**
     * Gives an anonymous backend a name. Takes no reference.
     *
     * @throws BlockException BAD_NAME when the name is malformed or that of another backend or a node
     */
    public void nameBackend(final BlockBackend backend, final String name) throws BlockException {
        lock.locked(() -> backends.name(backend, name));
    }

    /** Takes a backend's name away; it lives on, and the name is free at once. */
    public void removeName(final BlockBackend backend) {
        lock.reading(() -> backends.removeName(backend));
    }

    void refuseBadName(final String name) throws BlockException {
        if (!WELL_FORMED.matcher(name).matches()) {
            throw new BlockException(
                    Kind.BAD_NAME,
                    "'" + name + "' is no well-formed name: a letter, then letters, digits, '-', '.' or '_'");
        }
        if (backends.find(name) != null || nodes.find(name) != null) {
            throw new BlockException(Kind.BAD_NAME, "the name '" + name + "' is taken");
        }
    }

    /** The backend with a name; null when there is none. Anonymous backends are not found. */
    public @Nullable BlockBackend backend(final String name) {
        return lock.reading(() -> backends.find(name));
    }

    /** The backend that the device with an id is attached to; null when there is none. Any thread. */
    public @Nullable BlockBackend backendOfDevice(final String deviceId) {
        for (final BlockBackend backend : liveBackends) {
            final BlockDevice device = backend.device();
            if (device != null && device.id().equals(deviceId)) {
                return backend;
            }
        }
        return null;
    }

    /** All live backends, named or not, in the order of their making. Any thread. */
    public List<BlockBackend> backends() {
        return List.copyOf(liveBackends);
    }

    /** Ends a backend whose last reference is being given back. Under the graph lock. */
    void delete(final BlockBackend backend) throws BlockException {
        backends.delete(backend);
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
     *
     * @throws BlockException WRONG_STATE when there is no device; TIMEOUT when requests do not end
     */
    public void unplugDevice(final BlockBackend backend) throws BlockException {
        lock.locked(() -> drives.unplug(backend));
    }

    // ---- nodes ----

    /**
     * Adds a node, owned by the caller until {@link #deleteNode}.
     *
     * @param name the node's name; null for a generated one, which begins with '#'
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

    /**
     * Gives up the owner's reference; the node lives on for as long as others hold it.
     *
     * @throws BlockException IN_USE when called back by another change; TIMEOUT when requests below do not end
     */
    public void disown(final BlockNode node) throws BlockException {
        changeNodes(() -> nodes.disown(node));
    }

    /**
     * Gives back a reference that was taken by {@link BlockNode#reference}; the node ends if it was the last.
     *
     * @throws BlockException as {@link #disown}
     */
    public void release(final BlockNode node) throws BlockException {
        changeNodes(() -> nodes.release(node));
    }

    private void changeNodes(final GraphLock.Action action) throws BlockException {
        lock.locked(() -> {
            changes.refuseNested();
            action.run();
        });
    }

    /**
     * Changes a node's length: under drain, with everything above told before requests run again.
     *
     * @throws BlockException INVALID_OPTION for a negative length; IN_USE when a user of the node does not allow it, READ_ONLY, NOT_SUPPORTED, IO
     */
    public void resize(final BlockNode node, final long newLengthBytes) throws BlockException {
        lock.locked(() -> new NodeResize(this, node, newLengthBytes).run());
    }

    // ---- media ----

    /**
     * Puts a medium into an empty backend. Begins a new generation.
     *
     * @throws BlockException WRONG_STATE when there is one already, or the device refuses this one; IN_USE when the
     *     permissions conflict; TIMEOUT when requests do not end. Then the backend is as empty as before.
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
     * @throws BlockException WRONG_STATE when the device refuses the medium; IN_USE when the permissions conflict; TIMEOUT
     *     when requests do not end
     */
    public long changeMedium(final BlockBackend backend, final BlockNode medium) throws BlockException {
        return lock.changing(() -> new MediumSwap(this, backend, medium, true).run());
    }

    /**
     * Puts another node in the place of the medium's root that has the same content, such as an overlay on it. Keeps the
     * generation.
     *
     * @return how long requests were held back, in nanoseconds
     * @throws BlockException as {@link #changeMedium}
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
            apply(backend.domain(), new GraphChange().permissions(link, permissions, shared), List.of(), () -> {});
        }
        backend.permissions(permissions, shared);
    }

    // ---- events ----

    /** Adds a listener to what happens to devices and media. Any thread. */
    public void addListener(final BlockEvents listener) {
        listeners.add(listener);
    }

    /** Takes back {@link #addListener}. Any thread. */
    public void removeListener(final BlockEvents listener) {
        listeners.remove(listener);
    }

    EventListeners listeners() {
        return listeners;
    }

    /** Whether the machine that uses the disks runs. Any thread. */
    public RunState runState() {
        return runState;
    }

    /** As {@link GraphChanges#apply}; ends the nodes that have lost their last reference. Under the graph lock. */
    void apply(
            final IoDomain domain,
            final GraphChange change,
            final List<? extends Drainable> alsoDrain,
            final Runnable inContext)
            throws BlockException {
        for (final BlockNode dead : changes.apply(domain, change, alsoDrain, inContext)) {
            nodes.dispose(dead);
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

    /** The longest time that any drain waits for requests to end; 30 seconds unless said otherwise. Any thread. */
    public void drainTimeout(final Duration timeout) {
        drainTimeoutNs = timeout.toNanos();
    }

    /**
     * Drains a node and everything above it until the result is closed; nests. Holds the node meanwhile.
     *
     * @throws BlockException TIMEOUT when requests do not end, with a list of them; then nothing is drained
     */
    public Drain drain(final BlockNode node) throws BlockException {
        return new HeldDrain(
                drainer(node.domain()), Drainable.of(node), drainTimeoutNs, node::reference, () -> release(node));
    }

    /**
     * Drains a backend until the result is closed; nests. Holds the backend meanwhile.
     *
     * @throws BlockException as {@link #drain(BlockNode)}
     */
    public Drain drain(final BlockBackend backend) throws BlockException {
        return drain(backend, backend);
    }

    /**
     * Drains every node and every backend; what is made meanwhile starts drained. Nests.
     *
     * @throws BlockException as {@link #drain(BlockNode)}
     */
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
        return lock.reading(() -> GraphDescription.of(liveBackends, nodes.all()));
    }

    /**
     * Removes all media, ends all backends, closes the layer's own nodes and all objects; goes on when a step fails.
     * Contexts are left to their creators.
     *
     * @throws IllegalStateException with the first failure, once all has been tried
     */
    @Override
    public void close() {
        final LayerEnd ended = lock.reading(() -> {
            final LayerEnd end = new LayerEnd();
            backends.close(end);
            for (final BlockNode node : nodes.owned()) {
                end.attempt(() -> disown(node));
            }
            return end;
        });
        objects.close();
        ended.report();
    }
}
