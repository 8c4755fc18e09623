package io.drivebay.backend.jcstress;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.Map;

/** A backend on a stepped context, small enough to be made for every run of a test. */
final class StressDisk {
    final IoContext context = IoContext.stepped("stress", () -> 0);
    final BlockLayer layer = new BlockLayer();
    final BlockBackend backend;

    /** An empty backend whose ring holds a number of requests. */
    StressDisk(final int ringCapacity) {
        backend = layer.createBackend(context, ringCapacity);
    }

    /** Completes every request at once, and counts them. */
    static final class Driver implements BlockDriver {
        private int served;

        int served() {
            return served;
        }

        @Override
        public String driverName() {
            return "stress";
        }

        @Override
        public BlockLimits limits() {
            return BlockLimits.UNLIMITED;
        }

        @Override
        public long length() {
            return 512;
        }

        @Override
        public void start(final BlockRequest request) {
            served++;
            request.complete();
        }
    }

    BlockNode node(final BlockDriver driver) {
        try {
            return layer.addNode(null, context, NodeOptions.DEFAULTS, driver, Map.of());
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
    }

    void insert(final BlockNode medium) {
        change(medium);
    }

    void change(final BlockNode medium) {
        try {
            layer.changeMedium(backend, medium);
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
    }

    BlockLayer.Drain drain() {
        try {
            return layer.drain(backend);
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A request that counts its completions. */
    static final class Request {
        private final BlockRequest request = new BlockRequest(this::completed);
        private int completions;
        private Status status = Status.OK;

        Request() {
            request.set(Operation.FLUSH, 0, 0, 0);
        }

        private void completed(final BlockRequest done) {
            completions++;
            status = done.status();
        }

        boolean submitTo(final BlockBackend backend) {
            return backend.submit(request);
        }

        int completions() {
            return completions;
        }

        Status status() {
            return status;
        }

        /** Which medium it was submitted against. */
        long generation() {
            return request.generation();
        }
    }
}
