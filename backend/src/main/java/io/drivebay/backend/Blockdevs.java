package io.drivebay.backend;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.IoDomain;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.NodeOptions.DetectZeroes;
import io.drivebay.backend.graph.OpenScope;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Builds trees of nodes from options: QAPI's {@code blockdev-add}.
 *
 * <p>Drivers are found by {@link ServiceLoader} and known by name only. Children given in place are opened with their
 * parent and live as long as it does; a child given as a string is an existing node. A child given in place inherits
 * read-only, auto-read-only and cache options that it does not set itself, and passes discards on unless told otherwise:
 * whether there are any is its parent's decision.
 */
public final class Blockdevs {
    private final BlockLayer layer;
    private final Map<String, DriverFactory> factories = new TreeMap<>();

    /** Builds trees in a layer with the drivers that a class loader finds. */
    public Blockdevs(final BlockLayer layer) {
        this(layer, ServiceLoader.load(DriverFactory.class));
    }

    /** Builds trees in a layer with certain drivers. */
    public Blockdevs(final BlockLayer layer, final Iterable<DriverFactory> drivers) {
        this.layer = layer;
        drivers.forEach(factory -> factories.put(factory.driverName(), factory));
    }

    /**
     * Opens a node and the children given in place. A control thread; may block.
     *
     * @param options as {@code blockdev-add} takes them: nested maps or dotted keys
     * @return the new node, owned by the caller until {@link BlockLayer#deleteNode} or {@link BlockLayer#disown}
     * @throws BlockException INVALID_OPTION, BAD_NAME, NOT_FOUND, IN_USE or IO; then nothing is left open
     */
    public BlockNode add(final IoContext context, final Map<String, ? extends Object> options) throws BlockException {
        return open(context, new BlockdevOptions(options), Inherited.NOTHING, false);
    }

    /**
     * Opens a filter without a child, to be given to {@link BlockLayer#addFilter}.
     *
     * @param options as for {@link #add}, without the option for the child
     * @throws BlockException as {@link #add}
     */
    public BlockNode addFilter(final IoContext context, final Map<String, ? extends Object> options)
            throws BlockException {
        return open(context, new BlockdevOptions(options), Inherited.NOTHING, true);
    }

    private BlockNode open(
            final IoContext context, final BlockdevOptions options, final Inherited inherited, final boolean forSlot)
            throws BlockException {
        final String driverName = options.requiredText("driver");
        final DriverFactory factory = factories.get(driverName);
        if (factory == null) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "no driver is called '" + driverName + "'; there are " + String.join(", ", factories.keySet()));
        }
        final Scope scope = new Scope(context, options, inherited, forSlot);
        try {
            final BlockDriver driver = factory.open(options, scope);
            refuseUnread(options, driver);
            return layer.addNode(scope.givenName, context, scope.nodeOptions, driver, scope.children);
        } finally {
            scope.disownChildren();
        }
    }

    private static void refuseUnread(final BlockdevOptions options, final BlockDriver driver) throws BlockException {
        try {
            options.refuseUnread();
        } catch (final BlockException e) {
            driver.close();
            throw e;
        }
    }

    /** What a child opened in place has of its parent unless it says otherwise. */
    private record Inherited(boolean readOnly, boolean autoReadOnly, Discard discard, boolean direct, boolean noFlush) {
        static final Inherited NOTHING = new Inherited(false, false, Discard.IGNORE, false, false);
    }

    /** One node that is being opened. */
    private final class Scope implements OpenScope {
        private final IoContext context;
        private final @Nullable String givenName;
        private final NodeOptions nodeOptions;
        private final boolean autoReadOnly;
        private final boolean forSlot;
        private final Map<String, BlockNode> children = new LinkedHashMap<>();
        private final List<BlockNode> opened = new ArrayList<>();

        Scope(final IoContext context, final BlockdevOptions options, final Inherited inherited, final boolean forSlot)
                throws BlockException {
            this.context = context;
            this.forSlot = forSlot;
            this.givenName = options.text("node-name");
            this.autoReadOnly = options.flag("auto-read-only", inherited.autoReadOnly());
            final boolean unmap = options.choice("discard", Discard.class, inherited.discard()) == Discard.UNMAP;
            final DetectZeroes detect = options.choice("detect-zeroes", DetectZeroes.class, DetectZeroes.OFF);
            if (detect == DetectZeroes.UNMAP && !unmap) {
                throw new BlockException(
                        Kind.INVALID_OPTION, "option 'detect-zeroes' may be unmap only together with discard=unmap");
            }
            final BlockdevOptions cache = options.nested("cache");
            boolean direct = inherited.direct();
            boolean noFlush = inherited.noFlush();
            if (cache != null) {
                direct = cache.flag("direct", direct);
                noFlush = cache.flag("no-flush", noFlush);
                cache.refuseUnread();
            }
            final boolean readOnly = options.flag("read-only", inherited.readOnly());
            this.nodeOptions = new NodeOptions(readOnly, unmap, detect, noFlush, direct);
        }

        private Inherited toChildren() {
            return new Inherited(
                    nodeOptions.readOnly(),
                    autoReadOnly,
                    Discard.UNMAP,
                    nodeOptions.cacheDirect(),
                    nodeOptions.noFlush());
        }

        @Override
        public IoDomain domain() {
            return layer.domain(context);
        }

        @Override
        public <T> @Nullable T object(final String id, final Class<T> type) throws BlockException {
            return layer.objects().find(id, type);
        }

        @Override
        public String nodeName() {
            return givenName == null ? "" : givenName;
        }

        @Override
        public NodeOptions nodeOptions() {
            return nodeOptions;
        }

        @Override
        public boolean autoReadOnly() {
            return autoReadOnly;
        }

        @Override
        public boolean cacheDirect() {
            return nodeOptions.cacheDirect();
        }

        @Override
        public BlockNode child(final BlockdevOptions options, final String key) throws BlockException {
            final String name = options.reference(key);
            final BlockNode node = name == null ? openChild(options, key) : find(key, name);
            children.put(key, node);
            return node;
        }

        @Override
        public @Nullable BlockNode filterChild(final BlockdevOptions options, final String key) throws BlockException {
            return forSlot ? null : child(options, key);
        }

        private BlockNode openChild(final BlockdevOptions options, final String key) throws BlockException {
            final BlockdevOptions nested = options.nested(key);
            if (nested == null) {
                throw new BlockException(
                        Kind.INVALID_OPTION, "option '" + key + "' is missing: a node's name, or options for one");
            }
            final BlockNode node = open(context, nested, toChildren(), false);
            opened.add(node);
            return node;
        }

        private BlockNode find(final String key, final String name) throws BlockException {
            final BlockNode node = layer.node(name);
            if (node == null) {
                throw new BlockException(Kind.NOT_FOUND, "option '" + key + "': there is no node '" + name + "'");
            }
            return node;
        }

        void disownChildren() throws BlockException {
            for (final BlockNode child : opened) {
                layer.disown(child);
            }
            opened.clear();
        }
    }

    /** QAPI's BlockdevDiscardOptions. */
    private enum Discard {
        IGNORE,
        UNMAP
    }
}
