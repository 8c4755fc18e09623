package io.drivebay.exports.control;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.Clock;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.object.IoThread;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The exports of a block layer: what QMP's {@code block-export-add}, {@code block-export-del}, {@code nbd-server-start} and
 * {@code nbd-server-stop} do. Control threads.
 */
public final class BlockExports implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlockExports.class);
    /** Well-formed ids, as QEMU has them. */
    private static final Pattern WELL_FORMED = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

    private final BlockLayer layer;
    private final NbdExports nbd;
    private final Map<String, ExportFactory> types = new TreeMap<>();
    private final Map<String, Entry> entries = new LinkedHashMap<>();

    private Consumer<String> removed = id -> {};

    private record Entry(String type, String node, BlockExport export) {}

    /** No exports yet. */
    public BlockExports(final BlockLayer layer, final Clock clock) {
        this.layer = layer;
        this.nbd = new NbdExports(layer, clock);
        types.put(NbdExports.TYPE, nbd);
        types.put(VhostExports.TYPE, new VhostExports(layer));
    }

    /** Has somebody told of the id of each export that {@link #remove} or {@link #stopNbdServer} has ended. */
    public synchronized void onRemoved(final Consumer<String> listener) {
        removed = listener;
    }

    /**
     * Has an NBD server listen: QAPI's NbdServerOptions.
     *
     * @param options addr.type and so on, tls-creds, max-connections; nested or with dotted keys
     * @return the address, with the port that was found where 0 was asked for
     * @throws BlockException WRONG_STATE when there is one already; INVALID_OPTION, NOT_FOUND or IO
     */
    public synchronized SocketAddress startNbdServer(final Map<String, ? extends Object> options)
            throws BlockException {
        return nbd.start(new BlockdevOptions(options));
    }

    /**
     * Ends the NBD server and all its exports.
     *
     * @throws BlockException WRONG_STATE when there is none
     */
    public synchronized void stopNbdServer() throws BlockException {
        nbd.stop();
        final List<String> ended = new ArrayList<>();
        entries.forEach((id, entry) -> {
            if (entry.type.equals(NbdExports.TYPE)) {
                ended.add(id);
            }
        });
        ended.forEach(this::forget);
    }

    /**
     * Serves a node: QAPI's BlockExportOptions.
     *
     * @param options type, id, node-name and so on; nested or with dotted keys
     * @throws BlockException INVALID_OPTION, BAD_NAME, NOT_FOUND, IN_USE or IO; then there is no such export
     */
    public synchronized void add(final Map<String, ? extends Object> options) throws BlockException {
        final BlockdevOptions reader = new BlockdevOptions(options);
        final String type = reader.requiredText("type");
        final ExportFactory factory = types.get(type);
        if (factory == null) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "no export type is called '" + type + "'; there are " + String.join(", ", types.keySet()));
        }
        final String id = reader.requiredText("id");
        refuseBadId(id);
        final BlockNode node = node(reader.requiredText("node-name"));
        refuseOtherThread(reader, node);
        final boolean writable = reader.flag("writable", false);
        final boolean writeThrough = reader.flag("writethrough", false);
        final BlockExport export = factory.open(new ExportFactory.Common(id, node, writable, writeThrough), reader);
        entries.put(id, new Entry(type, node.name(), export));
    }

    private void refuseBadId(final String id) throws BlockException {
        if (!WELL_FORMED.matcher(id).matches()) {
            throw new BlockException(
                    Kind.BAD_NAME,
                    "'" + id + "' is no well-formed id: a letter, then letters, digits, '-', '.' or '_'");
        }
        if (entries.containsKey(id)) {
            throw new BlockException(Kind.BAD_NAME, "there already is an export '" + id + "'");
        }
    }

    private BlockNode node(final String name) throws BlockException {
        final BlockNode node = layer.node(name);
        if (node == null) {
            throw new BlockException(Kind.NOT_FOUND, "there is no node '" + name + "'");
        }
        return node;
    }

    /** A node stays in the context that it was made in. As in QEMU, that is refused only with {@code fixed-iothread}. */
    private void refuseOtherThread(final BlockdevOptions options, final BlockNode node) throws BlockException {
        final boolean fixed = options.flag("fixed-iothread", false);
        final @Nullable String name = options.text("iothread");
        if (name == null) {
            return;
        }
        final IoContext wanted = layer.objects().need(name, IoThread.class).context();
        final IoContext there = node.domain().context();
        if (wanted == there) {
            return;
        }
        if (fixed) {
            throw new BlockException(
                    Kind.IN_USE,
                    node.describe() + " cannot move from context '" + there.name() + "' to '" + name + "'");
        }
        LOG.warn("{} stays in context '{}' instead of iothread '{}'", node.describe(), there.name(), name);
    }

    /**
     * Ends an export.
     *
     * @param hard whether clients are sent away
     * @throws BlockException NOT_FOUND; IN_USE while there are clients, unless they are sent away
     */
    public synchronized void remove(final String id, final boolean hard) throws BlockException {
        final Entry entry = entries.get(id);
        if (entry == null) {
            throw new BlockException(Kind.NOT_FOUND, "there is no export '" + id + "'");
        }
        try {
            entry.export.remove(hard);
        } catch (final BlockException e) {
            if (e.kind() != Kind.IN_USE) {
                forget(id);
            }
            throw e;
        }
        forget(id);
    }

    private void forget(final String id) {
        entries.remove(id);
        removed.accept(id);
    }

    /** All exports, in the order of their making: id, type, node-name, shutting-down; QAPI's BlockExportInfo. */
    public synchronized List<Map<String, Object>> describe() {
        final List<Map<String, Object>> all = new ArrayList<>();
        entries.forEach((id, entry) ->
                all.add(Map.of("id", id, "type", entry.type, "node-name", entry.node, "shutting-down", false)));
        return all;
    }

    /**
     * Ends all exports and servers, after what is in flight.
     *
     * @throws IllegalStateException when something that was written could not be flushed
     */
    @Override
    public synchronized void close() {
        IllegalStateException failure = null;
        entries.values().removeIf(entry -> entry.type.equals(NbdExports.TYPE)); // they end with their server
        for (final Map.Entry<String, Entry> entry : entries.entrySet()) {
            try {
                entry.getValue().export.remove(true);
            } catch (final BlockException e) {
                failure = new IllegalStateException("ending export '" + entry.getKey() + "': " + e.getMessage(), e);
            }
        }
        entries.clear();
        nbd.close();
        if (failure != null) {
            throw failure;
        }
    }
}
