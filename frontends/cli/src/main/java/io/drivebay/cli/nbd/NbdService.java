package io.drivebay.cli.nbd;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.cli.host.Detachment;
import io.drivebay.cli.host.PidFile;
import io.drivebay.cli.host.Termination;
import io.drivebay.driver.Contexts;
import io.drivebay.exports.nbd.NbdExportOptions;
import io.drivebay.exports.nbd.NbdServer;
import io.drivebay.exports.nbd.NbdServerOptions;
import io.drivebay.exports.nbd.TlsPolicy;
import io.drivebay.nbd.SocketAddresses;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.SocketAddress;
import java.util.Map;

/**
 * Serves one image until there is nobody left to serve, or the process is told to end.
 *
 * @param image what is served
 * @param service to whom, and for how long
 * @param tls what protects it
 * @param address where clients find it
 */
public record NbdService(ImageOptions image, ServiceOptions service, TlsOptions tls, SocketAddress address) {
    /**
     * Serves; returns when the last client has left, unless the service is persistent.
     *
     * @param err where it says that it listens
     * @throws BlockException when the image cannot be opened or the socket not be had
     * @throws IOException when the process id cannot be written
     */
    public void run(final PrintWriter err) throws BlockException, IOException, InterruptedException {
        final Map<String, Object> options = image.options();
        service.check();
        try (Termination termination = Termination.watch()) {
            if (service.fork()) {
                Detachment.begin();
            }
            open(options, termination, err);
            termination.finishedWell();
        }
    }

    private void open(final Map<String, Object> options, final Termination termination, final PrintWriter err)
            throws BlockException, IOException, InterruptedException {
        try (IoContext context = Contexts.create("nbd").start();
                BlockLayer layer = new BlockLayer()) {
            layer.addContext(context);
            tls.makeObjects(layer.objects());
            final BlockNode node = new Blockdevs(layer).add(context, options);
            serve(context, layer, node, termination, err);
        }
    }

    private NbdServerOptions limits(final BlockLayer layer) throws BlockException {
        final TlsPolicy policy = tls.server(layer.objects());
        return policy == null ? service.limits() : service.limits().withTls(policy);
    }

    private void serve(
            final IoContext context,
            final BlockLayer layer,
            final BlockNode node,
            final Termination termination,
            final PrintWriter err)
            throws BlockException, IOException, InterruptedException {
        try (NbdServer server = new NbdServer(context.clock(), limits(layer))) {
            export(server, layer, node);
            listen(server, termination, err);
        }
    }

    private void export(final NbdServer server, final BlockLayer layer, final BlockNode node) throws BlockException {
        final NbdExportOptions shown = NbdExportOptions.of(
                service.exportName(), service.description(), !image.readOnly(), service.allocationDepth());
        server.add(layer, node, shown.withWriteThrough(image.writeThrough()));
    }

    private void listen(final NbdServer server, final Termination termination, final PrintWriter err)
            throws BlockException, IOException, InterruptedException {
        if (!service.persistent()) {
            server.whenDeserted(termination::ask);
        }
        final String listening = SocketAddresses.describe(server.listen(address));
        PidFile.during(service.pidFile(), () -> {
            err.println("serving on " + listening);
            err.flush();
            if (service.fork()) {
                Detachment.ready();
            }
            termination.await();
        });
    }
}
