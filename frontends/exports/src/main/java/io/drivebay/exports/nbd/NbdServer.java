package io.drivebay.exports.nbd;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.Clock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.exports.OffenceLog;
import io.drivebay.nbd.SocketAddresses;
import java.io.IOException;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * Serves block nodes to NBD clients on Unix and TCP sockets.
 *
 * <p>A thread of the server's own greets clients; once one has entered an export, its requests are read, carried out and
 * answered by the export's I/O context. All methods are for control threads.
 */
public final class NbdServer implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(5);

    /** How an export is removed, as QMP's {@code block-export-del} has it. */
    public enum RemoveMode {
        /** Only if there are no clients. */
        SAFE,
        /** Clients are disconnected; what they have in flight is finished. */
        HARD
    }

    private final ConcurrentSkipListMap<String, NbdExport> exports = new ConcurrentSkipListMap<>();
    private final Clock clock;
    private final OffenceLog offences;
    private final Reception reception;
    private boolean closed;

    /** Starts a server that does not listen yet. */
    public NbdServer(final Clock clock, final NbdServerOptions options) throws BlockException {
        this(clock, options, new OffenceLog(clock, "NBD client"));
    }

    /** A server that complains elsewhere. */
    NbdServer(final Clock clock, final NbdServerOptions options, final OffenceLog log) throws BlockException {
        this.clock = clock;
        offences = log;
        try {
            reception = new Reception(clock, options, new Directory(), offences);
        } catch (final IOException e) {
            throw new BlockException(Kind.IO, "cannot start an NBD server: " + e.getMessage(), e);
        }
    }

    /** The exports as a handshake sees them. */
    private final class Directory implements ExportDirectory {
        @Override
        public @Nullable NbdExport export(final String name) {
            return exports.get(name);
        }

        @Override
        public Collection<NbdExport> exports() {
            return exports.values();
        }
    }

    /**
     * Listens on a TCP or Unix socket. A Unix socket's file is removed at the end.
     *
     * @return the address, with the port that was found where 0 was asked for
     * @throws BlockException IO when the address cannot be had
     */
    public SocketAddress listen(final SocketAddress address) throws BlockException {
        try {
            return reception.listen(address);
        } catch (final IOException | UnsupportedOperationException e) {
            throw new BlockException(
                    Kind.IO, "cannot listen on " + SocketAddresses.describe(address) + ": " + e.getMessage(), e);
        }
    }

    /** Runs something, in the server's thread, whenever the last client that was in an export has left. */
    public void whenDeserted(final Runnable action) {
        reception.whenDeserted(action);
    }

    /**
     * Exports a node.
     *
     * @throws BlockException BAD_NAME when the name is taken; IN_USE when others do not share the node; INVALID_OPTION
     *     when it is to be writable and cannot
     */
    public synchronized NbdExport add(final BlockLayer layer, final BlockNode node, final NbdExportOptions options)
            throws BlockException {
        if (closed) {
            throw new BlockException(Kind.WRONG_STATE, "the NBD server is closed");
        }
        if (exports.containsKey(options.name())) {
            throw new BlockException(Kind.BAD_NAME, "there already is an NBD export '" + options.name() + "'");
        }
        final NbdExport export = NbdExport.open(layer, node, options, offences);
        exports.put(options.name(), export);
        return export;
    }

    /** All exports, in the order of their names. */
    public List<NbdExport> exports() {
        return List.copyOf(exports.values());
    }

    /**
     * Removes an export, after its requests have ended and were flushed.
     *
     * @throws BlockException NOT_FOUND for an unknown name; IN_USE when there are clients and the mode is safe
     */
    public synchronized void remove(final String name, final RemoveMode mode) throws BlockException {
        final NbdExport export = exports.get(name);
        if (export == null) {
            throw new BlockException(Kind.NOT_FOUND, "there is no NBD export '" + name + "'");
        }
        export.beginClosing();
        if (mode == RemoveMode.SAFE && export.clients() > 0) {
            export.reopen();
            throw new BlockException(Kind.IN_USE, "NBD export '" + name + "' still has clients");
        }
        exports.remove(name);
        export.close(GRACE, "the export was removed");
    }

    /** Stops listening, answers what is in flight, sends clients away, flushes and removes all exports. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        reception.close();
        final long deadlineNs = clock.nanoTime() + GRACE.toNanos();
        exports().forEach(NbdExport::sendAway);
        BlockException failure = null;
        for (final NbdExport export : exports()) {
            exports.remove(export.name());
            try {
                final long leftNs = Math.max(0, deadlineNs - clock.nanoTime());
                export.close(Duration.ofNanos(leftNs), "the server shuts down");
            } catch (final BlockException e) {
                failure = e;
            }
        }
        reception.end();
        if (failure != null) {
            throw new IllegalStateException("closing the NBD server: " + failure.getMessage(), failure);
        }
    }
}
