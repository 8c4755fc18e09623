package io.drivebay.exports.vhost;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.exports.OffenceLog;
import io.drivebay.posix.AsyncFilePort;
import io.drivebay.posix.PortOptions;
import io.drivebay.posix.PosixException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.UnaryOperator;

/** A server with a running context on a socket in a folder of its own, and what it complained of. */
final class VhostServed implements AutoCloseable {
    static final long SIZE = 16 << 20;

    final Queue<String> complaints = new ConcurrentLinkedQueue<>();
    final BlockLayer layer = new BlockLayer();
    final IoContext context;
    final BlockNode disk;
    final VhostUserBlkServer server;
    final String path;
    private final Path folder;

    VhostServed(final UnaryOperator<VhostUserBlkOptions> options) throws BlockException, IOException {
        this(PortOptions.DEFAULT, options);
    }

    VhostServed(final PortOptions port, final UnaryOperator<VhostUserBlkOptions> options)
            throws BlockException, IOException {
        context = layer.addContext(new IoContext("vhost-test", SystemClock.INSTANCE, AsyncFilePort.open(port)).start());
        folder = Files.createTempDirectory("drivebay-vhost");
        path = folder.resolve("socket").toString();
        disk = memory("disk", SIZE);
        server = VhostUserBlkServer.listen(
                layer,
                disk,
                options.apply(VhostUserBlkOptions.of("vhost0").withWritable(true)),
                path,
                new OffenceLog(context.clock(), "vhost-user client", complaints::add));
    }

    /** With four queues. */
    static VhostServed withQueues() throws BlockException, IOException {
        return new VhostServed(options -> options.withQueues(4).withSerial("serial-1"));
    }

    /** A new disk in memory. */
    BlockNode memory(final String name, final long bytes) throws BlockException {
        return new Blockdevs(layer)
                .add(context, Map.of("driver", "memory", "node-name", name, "size", bytes, "discard", "unmap"));
    }

    /** A disk in a file. */
    BlockNode image(final String name, final Path file) throws BlockException {
        return new Blockdevs(layer)
                .add(
                        context,
                        Map.of("driver", "file", "node-name", name, "filename", file.toString(), "discard", "unmap"));
    }

    /** Waits for a complaint; fails when none comes. */
    String complaint() {
        return Eventually.get("a complaint", complaints::poll);
    }

    @Override
    public void close() throws BlockException, PosixException {
        server.close();
        layer.close();
        context.close();
        try {
            Files.deleteIfExists(folder);
        } catch (final IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
