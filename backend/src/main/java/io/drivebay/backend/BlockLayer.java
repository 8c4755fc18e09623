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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
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

    private final ReentrantLock graphLock = new ReentrantLock();
    private final Map<IoContext, IoDomain> domains = new LinkedHashMap<>();
    private final Map<IoDomain, Drainer> drainers = new LinkedHashMap<>();
    private final Map<String, BlockNode> nodes = new LinkedHashMap<>();
    private final Set<BlockNode> monitorNodes = new LinkedHashSet<>();
    private final Set<BlockBackend> backends = new LinkedHashSet<>();
    private final Map<String, BlockBackend> named = new LinkedHashMap<>();
    private volatile long drainTimeoutNs = DEFAULT_DRAIN_TIMEOUT.toNanos();
    private int drainAllCount;
    private int nextGeneratedName;

    /** Work on the graph that may be refused. */
    interface GraphAction {
        void run() throws BlockException;
    }

    /** Runs an action under the graph lock. */
    void locked(final GraphAction action) throws BlockException {
        graphLock.lock();
        try {
            action.run();
        } finally {
            graphLock.unlock();
        }
    }

    private <T extends @Nullable Object> T reading(final Supplier<T> read) {
        graphLock.lock();
        try {
            return read.get();
        } finally {
            graphLock.unlock();
        }
    }

    // ---- contexts ----

    /** Makes a context known; it stays its creator's to close, after this layer. */
    public IoContext addContext(final IoContext context) {
        domain(context);
        return context;
    }

    /** What the nodes of a context share. */
    public IoDomain domain(final IoContext context) {
        return reading(() -> domains.computeIfAbsent(context, IoDomain::new));
    }

    Drainer drainer(final IoDomain domain) {
        return reading(() -> drainers.computeIfAbsent(domain, key -> new Drainer(key, () -> List.copyOf(backends))));
    }

    // ---- backends ----

    /** A new anonymous backend without a medium, with one reference: the caller's. */
    public BlockBackend createBackend(final IoContext context) {
        return createBackend(context, DEFAULT_RING_CAPACITY);
    }

    /** A new anonymous backend whose ring holds a number of requests, rounded up to a power of two. */
    public BlockBackend createBackend(final IoContext context, final int ringCapacity) {
        return reading(() -> {
            final BlockBackend backend = new BlockBackend(this, domain(context), ringCapacity);
            backend.name(null);
            backends.add(backend);
            final int drained = drainAllCount;
            context.run(() -> repeat(drained, backend::drainBegin));
            return backend;
        });
    }

    /**
     * Gives an anonymous backend a name. Takes no reference.
     *
     * @throws BlockException BAD_NAME when the name is malformed or that of another backend or a node
     */
    public void nameBackend(final BlockBackend backend, final String name) throws BlockException {
        locked(() -> {
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
        reading(() -> {
            final String name = backend.name();
            if (name != null) {
                named.remove(name);
                backend.name(null);
            }
            return name;
        });
    }

    /** The backend with a name; null when there is none. Anonymous backends are not found. */
    public @Nullable BlockBackend backend(final String name) {
        return reading(() -> named.get(name));
    }

    /** The backend that the device with an id is attached to; null when there is none. */
    public @Nullable BlockBackend backendOfDevice(final String deviceId) {
        for (final BlockBackend backend : backends()) {
            final BlockDevice device = backend.device();
            if (device != null && device.id().equals(deviceId)) {
                return backend;
            }
        }
        return null;
    }

    /** All live backends, named or not, in the order of their making. */
    public List<BlockBackend> backends() {
        return reading(() -> List.copyOf(backends));
    }

    void delete(final BlockBackend backend) throws BlockException {
        locked(() -> {
            if (backend.name() != null || backend.device() != null) {
                throw new IllegalStateException(
                        backend.describe() + " lost its last reference while it has a name or a device");
            }
            if (backend.slot().occupied()) {
                removeMedium(backend);
            } else {
                drainer(backend.domain()).during(List.of(backend), () -> {}, drainTimeoutNs);
            }
            backend.die();
            backends.remove(backend);
        });
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
        graphLock.lock();
        try {
            if (name != null) {
                refuseBadName(name);
            }
            final String nodeName = name != null ? name : generatedName();
            final BlockNode node = new BlockNode(nodeName, driver, domain(context), options);
            final GraphChange change = new GraphChange();
            for (final Map.Entry<String, BlockNode> entry : children.entrySet()) {
                final Child link = node.newChild(entry.getKey());
                change.attach(
                        link,
                        entry.getValue(),
                        driver.childPermissions(link.role(), Permission.NONE),
                        driver.childShared(link.role(), Permission.ALL));
            }
            apply(context, change, List.of(), () -> {});
            driver.attached(node);
            final int drained = drainAllCount;
            context.run(() -> repeat(drained, node::drainBegin));
            nodes.put(nodeName, node);
            monitorNodes.add(node);
            return node;
        } catch (final BlockException e) {
            driver.close();
            throw e;
        } finally {
            graphLock.unlock();
        }
    }

    private String generatedName() {
        String name;
        do {
            name = "#block" + nextGeneratedName++;
        } while (nodes.containsKey(name));
        return name;
    }

    /** The node with a name; null when there is none. */
    public @Nullable BlockNode node(final String name) {
        return reading(() -> nodes.get(name));
    }

    /** All live nodes, in the order of their making. */
    public Collection<BlockNode> nodes() {
        return reading(() -> List.copyOf(nodes.values()));
    }

    /**
     * Gives up the owner's reference to a node that nothing else uses; its tree goes with it as far as that was its own.
     *
     * @throws BlockException NOT_FOUND for an unknown node, IN_USE while a backend, a node or a job holds it
     */
    public void deleteNode(final String name) throws BlockException {
        locked(() -> {
            final BlockNode node = nodes.get(name);
            if (node == null) {
                throw new BlockException(Kind.NOT_FOUND, "cannot delete node '" + name + "': there is none");
            }
            if (!node.parents().isEmpty()) {
                throw new BlockException(
                        Kind.IN_USE,
                        "cannot delete node '" + name + "': "
                                + node.parents().get(0).describe() + " uses it");
            }
            if (!monitorNodes.contains(node) || node.references() > 1) {
                throw new BlockException(Kind.IN_USE, "cannot delete node '" + name + "': it is in use");
            }
            disown(node);
        });
    }

    /** Gives up the owner's reference; the node lives on for as long as others hold it. */
    public void disown(final BlockNode node) throws BlockException {
        locked(() -> {
            if (monitorNodes.remove(node) && node.release()) {
                dispose(node);
            }
        });
    }

    private void dispose(final BlockNode node) throws BlockException {
        final GraphChange change = new GraphChange();
        for (final Child child : node.children()) {
            if (child.node() != null) {
                change.detach(child);
            }
        }
        apply(node.domain().context(), change, List.of(), () -> {});
        nodes.remove(node.name());
        node.driver().close();
    }

    private void refuseBadName(final String name) throws BlockException {
        if (!WELL_FORMED.matcher(name).matches()) {
            throw new BlockException(
                    Kind.BAD_NAME,
                    "'" + name + "' is no well-formed name: a letter, then letters, digits, '-', '.' or '_'");
        }
        if (named.containsKey(name) || nodes.containsKey(name)) {
            throw new BlockException(Kind.BAD_NAME, "the name '" + name + "' is taken");
        }
    }

    // ---- media ----

    /**
     * Puts a medium into an empty backend. Begins a new generation.
     *
     * @throws BlockException WRONG_STATE when there is one already; IN_USE when the permissions conflict
     */
    public void insertMedium(final BlockBackend backend, final BlockNode medium) throws BlockException {
        locked(() -> {
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
        locked(() -> {
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
        return swap(backend, medium, true);
    }

    /**
     * Puts another node in the place of the medium's root that has the same content, such as an overlay on it. Keeps the
     * generation.
     *
     * @return how long requests were held back, in nanoseconds
     */
    public long replaceRoot(final BlockBackend backend, final BlockNode root) throws BlockException {
        return swap(backend, root, false);
    }

    private long swap(final BlockBackend backend, final BlockNode medium, final boolean newGeneration)
            throws BlockException {
        graphLock.lock();
        try {
            return new MediumSwap(this, backend, medium, newGeneration).run();
        } finally {
            graphLock.unlock();
        }
    }

    void setPermissions(final BlockBackend backend, final int permissions, final int shared) throws BlockException {
        final Child link = backend.slot().top();
        if (link.node() != null) {
            apply(backend.context(), new GraphChange().permissions(link, permissions, shared), List.of(), () -> {});
        }
        backend.permissions(permissions, shared);
    }

    // ---- changes to the graph ----

    /**
     * Carries a change out, in the context, while what it touches is drained; all or nothing.
     *
     * @param alsoDrain what is to be drained beside the nodes that the change touches
     * @param inContext what else is to happen in the same instant
     */
    void apply(
            final IoContext context,
            final GraphChange change,
            final List<? extends Drainable> alsoDrain,
            final Runnable inContext)
            throws BlockException {
        change.prepare();
        final List<Drainable> targets = new ArrayList<>(alsoDrain);
        change.nodesToDrain().forEach(node -> targets.add(Drainable.of(node)));
        try {
            drainer(domain(context))
                    .during(
                            targets,
                            () -> {
                                change.apply();
                                inContext.run();
                            },
                            drainTimeoutNs);
        } catch (final BlockException e) {
            change.abort();
            throw e;
        }
        for (final BlockNode dead : change.finish()) {
            dispose(dead);
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

    /** Drains a node and everything above it until the result is closed; nests. */
    public Drain drain(final BlockNode node) throws BlockException {
        return drain(node.domain(), List.of(Drainable.of(node)));
    }

    /** Drains a backend until the result is closed; nests. */
    public Drain drain(final BlockBackend backend) throws BlockException {
        return drain(backend.domain(), List.of(backend));
    }

    private Drain drain(final IoDomain domain, final List<Drainable> targets) throws BlockException {
        drainer(domain).begin(targets, drainTimeoutNs);
        return onceOnly(() -> domain.context().run(() -> Drainer.end(targets)));
    }

    /** Drains every node and every backend; what is made meanwhile starts drained. Nests. */
    public Drain drainAll() throws BlockException {
        final List<Runnable> undo = new ArrayList<>();
        graphLock.lock();
        try {
            for (final IoDomain domain : domains.values()) {
                final List<Drainable> targets = drainablesOf(domain);
                drainer(domain).begin(targets, drainTimeoutNs);
                undo.add(() -> domain.context().run(() -> Drainer.end(targets)));
            }
            drainAllCount++;
            return onceOnly(this::endDrainAll);
        } catch (final BlockException e) {
            undo.forEach(Runnable::run);
            throw e;
        } finally {
            graphLock.unlock();
        }
    }

    private void endDrainAll() {
        reading(() -> {
            drainAllCount--;
            for (final IoDomain domain : domains.values()) {
                domain.context().run(() -> Drainer.end(drainablesOf(domain)));
            }
            return drainAllCount;
        });
    }

    private List<Drainable> drainablesOf(final IoDomain domain) {
        final List<Drainable> targets = new ArrayList<>();
        backends.stream().filter(backend -> backend.domain() == domain).forEach(targets::add);
        nodes.values().stream()
                .filter(node -> node.domain() == domain)
                .forEach(node -> targets.add(Drainable.of(node)));
        return targets;
    }

    private static Drain onceOnly(final Runnable end) {
        final AtomicBoolean ended = new AtomicBoolean();
        return () -> {
            if (ended.compareAndSet(false, true)) {
                end.run();
            }
        };
    }

    /** Every request that is pending now, one a line: backend, operation, offset, length, age, where it is. */
    public String pendingRequests() {
        final StringBuilder report = new StringBuilder();
        for (final IoDomain domain : reading(() -> List.copyOf(domains.values()))) {
            final Drainer drainer = drainer(domain);
            report.append(domain.context().call(drainer::report));
        }
        return report.toString();
    }

    /** Drains everything, removes all media and closes all nodes. The contexts are left to their creator. */
    @Override
    public void close() {
        graphLock.lock();
        try {
            for (final BlockBackend backend : List.copyOf(backends)) {
                removeName(backend);
                if (backend.slot().occupied()) {
                    removeMedium(backend);
                }
                backend.die();
                backends.remove(backend);
            }
            for (final BlockNode node : List.copyOf(monitorNodes)) {
                disown(node);
            }
        } catch (final BlockException e) {
            throw new IllegalStateException("closing the block layer", e);
        } finally {
            graphLock.unlock();
        }
    }

    private static void repeat(final int times, final Runnable action) {
        for (int i = 0; i < times; i++) {
            action.run();
        }
    }
}
