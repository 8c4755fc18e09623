package io.drivebay.driver.protocol.nbd;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.nbd.SocketLoop;
import io.drivebay.nbd.Transmission;
import java.util.Map;

/** A disk that an NBD server has. */
final class NbdDriver implements BlockDriver {
    static final String NAME = "nbd";

    private final IoContext context;
    private final SocketLoop loop;
    private final Connector connector;
    private final NbdTarget target;
    private final NbdLink first;
    private final NbdClient client;
    private final BlockLimits limits;
    private String nodeName = NAME;

    NbdDriver(
            final IoContext context,
            final SocketLoop loop,
            final Connector connector,
            final NbdTarget target,
            final NbdLink first,
            final long reconnectDelayNs) {
        this.context = context;
        this.loop = loop;
        this.connector = connector;
        this.target = target;
        this.first = first;
        this.client = new NbdClient(context, loop, connector, target, first, reconnectDelayNs);
        this.limits = limits(first);
    }

    private static BlockLimits limits(final NbdLink link) {
        return new BlockLimits(
                link.minBlock(),
                link.maxPayload(),
                link.minBlock(),
                link.minBlock(),
                link.has(Transmission.FLAG_SEND_FUA),
                link.has(Transmission.FLAG_SEND_WRITE_ZEROES),
                link.has(Transmission.FLAG_SEND_TRIM),
                link.allocationId() >= 0);
    }

    @Override
    public void attached(final BlockNode self) {
        nodeName = self.name();
        context.run(() -> {
            client.nodeName(nodeName);
            client.begin();
        });
    }

    @Override
    public String driverName() {
        return NAME;
    }

    @Override
    public BlockLimits limits() {
        return limits;
    }

    @Override
    public long length() {
        return first.sizeBytes();
    }

    @Override
    public boolean readOnly() {
        return first.readOnly();
    }

    @Override
    public void start(final BlockRequest request) {
        final Operation operation = request.operation();
        if (operation == Operation.FLUSH && !first.has(Transmission.FLAG_SEND_FLUSH)) {
            request.complete();
        } else if (operation == Operation.WRITE_ZEROES
                && request.has(RequestFlags.NO_FALLBACK)
                && !first.has(Transmission.FLAG_SEND_FAST_ZERO)) {
            request.fail(Status.NOT_SUPPORTED, nodeName);
        } else {
            client.start(request);
        }
    }

    @Override
    public void drainBegin() {
        client.drainBegin();
    }

    @Override
    public void drainEnd() {
        client.drainEnd();
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of(
                "server", target.describe(),
                "mode", first.mode().name(),
                "reconnects", client.reconnects(),
                "last-loss", client.lastLoss());
    }

    @Override
    public void close() {
        connector.stop();
        context.run(client::close);
        first.stream().close(); // in case that the node never began
        loop.close();
    }
}
