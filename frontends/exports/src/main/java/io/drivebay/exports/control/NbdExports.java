package io.drivebay.exports.control;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.Clock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.exports.nbd.NbdExport;
import io.drivebay.exports.nbd.NbdExportOptions;
import io.drivebay.exports.nbd.NbdServer;
import io.drivebay.exports.nbd.NbdServerOptions;
import io.drivebay.exports.nbd.TlsPolicy;
import io.drivebay.nbd.TlsCredsX509;
import java.net.SocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The NBD server of a block layer, and exports on it. */
final class NbdExports implements ExportFactory {
    static final String TYPE = "nbd";

    private final BlockLayer layer;
    private final Clock clock;
    private @Nullable NbdServer server;

    NbdExports(final BlockLayer layer, final Clock clock) {
        this.layer = layer;
        this.clock = clock;
    }

    SocketAddress start(final BlockdevOptions options) throws BlockException {
        if (server != null) {
            throw new BlockException(Kind.WRONG_STATE, "the NBD server is running already");
        }
        final SocketAddress address = ListenAddress.of(options);
        NbdServerOptions limits = NbdServerOptions.DEFAULT.withMaxConnections(
                NbdServerOptions.connections(options.number("max-connections", 0)));
        final @Nullable String credentials = options.text("tls-creds");
        if (credentials != null) {
            final TlsCredsX509 tls = layer.objects().need(credentials, TlsCredsX509.class);
            limits = limits.withTls(new TlsPolicy(tls.context(TlsCredsX509.Endpoint.SERVER), tls.verifyPeer()));
        }
        options.refuseUnread();
        final NbdServer started = new NbdServer(clock, limits);
        try {
            final SocketAddress bound = started.listen(address);
            server = started;
            return bound;
        } finally {
            if (server == null) {
                started.close();
            }
        }
    }

    void stop() throws BlockException {
        requireServer();
        close();
    }

    void close() {
        final NbdServer running = server;
        if (running != null) {
            server = null;
            running.close();
        }
    }

    private NbdServer requireServer() throws BlockException {
        final NbdServer running = server;
        if (running == null) {
            throw new BlockException(Kind.WRONG_STATE, "the NBD server is not running");
        }
        return running;
    }

    @Override
    public BlockExport open(final Common common, final BlockdevOptions options) throws BlockException {
        final NbdServer running = requireServer();
        final String name =
                Objects.requireNonNullElse(options.text("name"), common.node().name());
        final String description = Objects.requireNonNullElse(options.text("description"), "");
        final boolean depth = options.flag("allocation-depth", false);
        options.refuseUnread();
        final NbdExportOptions shown = NbdExportOptions.of(name, description, common.writable(), depth);
        return new Served(running, running.add(layer, common.node(), shown.withWriteThrough(common.writeThrough())));
    }

    /** An export of a server. */
    private record Served(NbdServer server, NbdExport export) implements BlockExport {
        @Override
        public void remove(final boolean hard) throws BlockException {
            server.remove(export.options().name(), hard ? NbdServer.RemoveMode.HARD : NbdServer.RemoveMode.SAFE);
        }
    }
}
