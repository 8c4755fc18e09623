package io.drivebay.exports.nbd;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Permission;
import io.drivebay.exports.LastFlush;
import io.drivebay.exports.OffenceLog;
import io.drivebay.nbd.Transmission;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A block node under a name that clients ask for. Made and removed by {@link NbdServer}.
 *
 * <p>It has a backend of its own on the node, so everything that holds for a guest's disk holds here: requests of many
 * clients in one ring, drain, generations. Its clients live in the backend's context. When the medium changes they are
 * sent away, for what they learned of it in the handshake no longer holds; when it only grows or shrinks they stay.
 */
public final class NbdExport {
    private static final Logger LOG = LoggerFactory.getLogger(NbdExport.class);
    private static final int RING_CAPACITY = 1024;
    private static final long MAX_KEPT_BYTES = 64L << 20;
    private static final Duration FLUSH_TIMEOUT = Duration.ofSeconds(30);

    private final NbdExportOptions options;
    private final BlockBackend backend;
    private final OffenceLog offences;
    private final BufferPool buffers = new BufferPool(MAX_KEPT_BYTES);
    private final Set<NbdConnection> connections = new LinkedHashSet<>();
    private final Runnable roomListener = this::wakeAll;
    private CompletableFuture<Void> empty = CompletableFuture.completedFuture(null);
    private boolean drained;
    private long seenGeneration;
    private volatile boolean loaded;
    private volatile boolean closing;

    private NbdExport(final NbdExportOptions options, final BlockBackend backend, final OffenceLog offences) {
        this.options = options;
        this.backend = backend;
        this.offences = offences;
    }

    static NbdExport open(
            final BlockLayer layer, final BlockNode node, final NbdExportOptions options, final OffenceLog offences)
            throws BlockException {
        if (options.writable() && node.readOnly()) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "cannot export " + node.describe() + " as '" + options.name() + "' writable: it is read-only");
        }
        final BlockBackend backend = layer.createBackend(node.domain().context(), RING_CAPACITY);
        backend.writeCache(!options.writeThrough());
        final NbdExport export = new NbdExport(options, backend, offences);
        final int write = options.writable() ? Permission.set(Permission.WRITE, Permission.WRITE_UNCHANGED) : 0;
        try {
            backend.attachDevice(export.new Device(), Permission.CONSISTENT_READ.bit() | write, Permission.ALL);
            layer.insertMedium(backend, node);
        } catch (final BlockException e) {
            export.releaseBackend();
            throw e;
        }
        backend.addRoomListener(export.roomListener);
        return export;
    }

    // ---- any thread ----

    /** What was asked for when the export was made. */
    public NbdExportOptions options() {
        return options;
    }

    String name() {
        return options.name();
    }

    /** The backend behind the export; its medium may be changed. */
    public BlockBackend backend() {
        return backend;
    }

    long lengthBytes() {
        return backend.lengthBytes();
    }

    /** True while clients may enter. */
    boolean available() {
        return loaded && !closing;
    }

    int transmissionFlags(final Session session) {
        final int writes = Transmission.FLAG_SEND_FUA
                | Transmission.FLAG_SEND_TRIM
                | Transmission.FLAG_SEND_WRITE_ZEROES
                | Transmission.FLAG_SEND_FAST_ZERO;
        return Transmission.FLAG_HAS_FLAGS
                | Transmission.FLAG_SEND_FLUSH
                | Transmission.FLAG_SEND_CACHE
                | Transmission.FLAG_CAN_MULTI_CONN
                | (options.writable() ? writes : Transmission.FLAG_READ_ONLY)
                | (session.structured() ? Transmission.FLAG_SEND_DF : 0)
                | (session.extended() && session.contexts() != 0 ? Transmission.FLAG_BLOCK_STATUS_PAYLOAD : 0);
    }

    /** Ids of the metadata contexts on offer. */
    int contexts() {
        return Session.CONTEXT_ALLOCATION | (options.allocationDepth() ? Session.CONTEXT_DEPTH : 0);
    }

    OffenceLog offences() {
        return offences;
    }

    Logger log() {
        return LOG;
    }

    /** Lets a client in. */
    void admit(final NbdConnection connection, final ByteBuffer ahead) {
        context().execute(() -> {
            if (connections.isEmpty()) {
                empty = new CompletableFuture<>();
            }
            connections.add(connection);
            if (available()) {
                LOG.debug("NBD client {} enters export '{}'", connection.peer(), name());
                connection.begin(ahead);
            } else {
                connection.finish();
            }
        });
    }

    private IoContext context() {
        return backend.context();
    }

    // ---- the context's thread ----

    BufferPool buffers() {
        return buffers;
    }

    boolean drained() {
        return drained;
    }

    /** A connection is closed and nothing of it is in flight any more. */
    void left(final NbdConnection connection) {
        connections.remove(connection);
        if (connections.isEmpty()) {
            empty.complete(null);
        }
    }

    private void wakeAll() {
        connections.forEach(NbdConnection::wake);
    }

    private void sendAllAway() {
        List.copyOf(connections).forEach(NbdConnection::mediumGone);
    }

    /** What the backend sees of the export. */
    private final class Device implements BlockDevice {
        @Override
        public String id() {
            return "nbd-export:" + name();
        }

        @Override
        public boolean removable() {
            return true;
        }

        @Override
        public void mediumChanged(final boolean inserted) {
            loaded = inserted;
            if (backend.generation() != seenGeneration) {
                seenGeneration = backend.generation();
                sendAllAway();
            }
        }

        @Override
        public void drainBegin() {
            drained = true;
        }

        @Override
        public void drainEnd() {
            drained = false;
            wakeAll();
        }
    }

    // ---- a control thread ----

    /** How many clients there are. */
    public int clients() {
        return context().call(connections::size);
    }

    /** Lets nobody in any more. */
    void beginClosing() {
        closing = true;
    }

    void reopen() {
        closing = false;
    }

    /** Lets nobody in any more, and asks those who are in to leave. */
    void sendAway() {
        beginClosing();
        context().run(() -> List.copyOf(connections).forEach(NbdConnection::finish));
    }

    /** Sends clients away, flushes, and gives the node back; those that take longer than the grace are cut off. */
    void close(final Duration grace, final String reason) throws BlockException {
        sendAway();
        final CompletableFuture<Void> allLeft = context().call(() -> empty);
        if (!await(allLeft, grace)) {
            context().run(() -> List.copyOf(connections).forEach(client -> client.offence(reason)));
            if (!await(allLeft, FLUSH_TIMEOUT)) {
                LOG.warn("Export '{}' is removed while requests have not ended", name());
            }
        }
        final String failure = options.writable() && loaded ? LastFlush.of(backend) : null;
        backend.removeRoomListener(roomListener);
        releaseBackend();
        if (failure != null) {
            throw new BlockException(Kind.IO, "export '" + name() + "' was not flushed at its end: " + failure);
        }
    }

    private boolean await(final CompletableFuture<Void> future, final Duration timeout) {
        try {
            context().await(future, timeout.toNanos());
            return true;
        } catch (final TimeoutException e) {
            return false;
        }
    }

    private void releaseBackend() throws BlockException {
        if (backend.device() != null) {
            backend.detachDevice();
        }
        backend.release();
    }
}
