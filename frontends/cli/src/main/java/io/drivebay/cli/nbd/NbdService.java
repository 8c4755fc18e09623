package io.drivebay.cli.nbd;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.driver.Contexts;
import io.drivebay.exports.nbd.NbdExport;
import io.drivebay.exports.nbd.NbdServer;
import io.drivebay.nbd.SocketAddresses;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;

/** Serves one image until there is nobody left to serve, or the process is told to end. */
public final class NbdService {
    private final NbdSettings settings;
    private final PrintWriter err;
    private final CountDownLatch end = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);

    /** A service that says on a stream where it listens. */
    public NbdService(final NbdSettings settings, final PrintWriter err) {
        this.settings = settings;
        this.err = err;
    }

    /**
     * Serves; returns when the last client has left, unless the service is persistent.
     *
     * @throws BlockException when the image cannot be opened or the socket not be had
     * @throws IOException when the process id cannot be written
     */
    public void run() throws BlockException, IOException, InterruptedException {
        final Thread hook = new Thread(this::endByHook, "drivebay-nbd-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try (IoContext context = Contexts.create("nbd").start();
                BlockLayer layer = new BlockLayer()) {
            layer.addContext(context);
            final BlockNode node =
                    new Blockdevs(layer).add(context, settings.image().options());
            serve(layer, node);
        } finally {
            closed.countDown();
            forget(hook);
        }
    }

    private void serve(final BlockLayer layer, final BlockNode node)
            throws BlockException, IOException, InterruptedException {
        try (NbdServer server = new NbdServer(node.domain().context().clock(), settings.limits())) {
            final NbdExport export = server.add(layer, node, settings.export());
            if (settings.image().writeThrough()) {
                export.backend().writeCache(false);
            }
            if (!settings.persistent()) {
                server.whenDeserted(end::countDown);
            }
            final String listening = SocketAddresses.describe(server.listen(settings.address()));
            writePid();
            err.println("serving on " + listening);
            err.flush();
            end.await();
        } finally {
            if (settings.pidFile() != null) {
                Files.deleteIfExists(settings.pidFile());
            }
        }
    }

    private void writePid() throws IOException {
        if (settings.pidFile() != null) {
            Files.writeString(settings.pidFile(), ProcessHandle.current().pid() + "\n");
        }
    }

    /** SIGTERM and SIGINT: everything is answered and flushed before the JVM ends, which then is no failure. */
    private void endByHook() {
        end.countDown();
        try {
            closed.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }

    private static void forget(final Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (final IllegalStateException e) {
            return; // it is running
        }
    }
}
