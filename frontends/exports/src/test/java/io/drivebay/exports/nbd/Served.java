package io.drivebay.exports.nbd;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.exports.OffenceLog;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** A server with a running context on a Unix socket in a folder of its own, and what it complained of. */
final class Served implements AutoCloseable {
    static final long SIZE = 4 << 20;

    final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    final IoContext context = new IoContext("nbd-test", SystemClock.INSTANCE, new ParkPort()).start();
    final BlockLayer layer = new BlockLayer();
    final NbdServer server;
    final Path socket;
    final SocketAddress address;
    private @Nullable Path folder;

    Served() throws BlockException, IOException {
        this(NbdServerOptions.DEFAULT);
    }

    Served(final NbdServerOptions options) throws BlockException, IOException {
        layer.addContext(context);
        server =
                new NbdServer(context.clock(), options, new OffenceLog(context.clock(), "NBD client", complaints::add));
        folder = Files.createTempDirectory("drivebay-nbd");
        socket = folder.resolve("socket");
        address = server.listen(UnixDomainSocketAddress.of(socket));
    }

    /** A new disk in memory. */
    BlockNode memory(final String name, final long bytes) throws BlockException {
        return new Blockdevs(layer)
                .add(context, Map.of("driver", "memory", "node-name", name, "size", bytes, "discard", "unmap"));
    }

    /** A node around a driver. */
    BlockNode node(final String name, final BlockDriver driver) throws BlockException {
        return layer.addNode(name, context, NodeOptions.DEFAULTS, driver, Map.of());
    }

    /** Exports a new writable disk in memory under a name. */
    Served with(final String name) throws BlockException {
        server.add(layer, memory("disk-" + name, SIZE), NbdExportOptions.writable(name));
        return this;
    }

    RawClient connect() throws IOException {
        return new RawClient(address);
    }

    /** The first complaint; "none" when there is none. */
    String complaint() {
        return Objects.requireNonNullElse(complaints.peek(), "none");
    }

    String uri(final String export) {
        return "nbd+unix:///" + export + "?socket=" + socket;
    }

    @Override
    public void close() throws IOException {
        server.close();
        layer.close();
        context.close();
        if (folder != null) {
            Files.deleteIfExists(folder);
        }
    }
}
