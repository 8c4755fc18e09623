package io.drivebay.cli.host;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.context.WaitPort;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.posix.EpollPort;
import io.drivebay.posix.IoUringUnavailableException;
import io.drivebay.posix.PortOptions;
import io.drivebay.posix.Posix;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.UringPort;
import java.util.Map;

/** A block layer on its feet: one running context with the best port there is, and all drivers. */
public final class Stage implements AutoCloseable {
    private static final int LEAST_OPERATIONS = 256;
    private static final int MOST_OPERATIONS = 16_384;

    private final BlockLayer layer = new BlockLayer();
    private final Blockdevs blockdevs = new Blockdevs(layer);
    private final IoContext context;
    private final String engine;
    private final int operations;

    private record Port(WaitPort port, String engine) {}

    private Stage(final Port port, final int operations, final long pollMaxNs) {
        this.operations = operations;
        this.engine = port.engine();
        this.context = layer.addContext(new IoContext("io", SystemClock.INSTANCE, port.port(), pollMaxNs))
                .start();
    }

    /**
     * Sets a stage.
     *
     * @param depth how many requests will be in flight
     */
    public static Stage open(final int depth) throws PosixException {
        return open(depth, IoContext.DEFAULT_POLL_NS);
    }

    /**
     * Sets a stage.
     *
     * @param depth how many requests will be in flight
     * @param pollMaxNs how long its context looks for work before it sleeps, at most
     */
    public static Stage open(final int depth, final long pollMaxNs) throws PosixException {
        final int operations = Math.min(MOST_OPERATIONS, Math.max(LEAST_OPERATIONS, depth));
        return new Stage(port(PortOptions.DEFAULT.withOperations(operations)), operations, pollMaxNs);
    }

    private static Port port(final PortOptions options) throws PosixException {
        if (!Posix.isLinux()) {
            return new Port(new ParkPort(), "nio (" + Posix.unavailableReason() + ")");
        }
        try {
            return new Port(UringPort.open(options), "io_uring");
        } catch (final IoUringUnavailableException e) {
            return new Port(EpollPort.open(options), "threads, because there is no io_uring: " + e.getMessage());
        }
    }

    public BlockLayer layer() {
        return layer;
    }

    public IoContext context() {
        return context;
    }

    /** How files are read and written unless an option says otherwise; with the reason when that is not io_uring. */
    public String engine() {
        return engine;
    }

    /** Opens a block device. */
    public BlockNode add(final Map<String, ? extends Object> options) throws BlockException {
        return blockdevs.add(context, options);
    }

    /** A backend with a medium, and a ring for all that will be in flight. */
    public BlockBackend backend(final BlockNode medium) throws BlockException {
        final BlockBackend backend = layer.createBackend(context, operations);
        layer.insertMedium(backend, medium);
        return backend;
    }

    @Override
    public void close() {
        layer.close();
        context.close();
    }
}
