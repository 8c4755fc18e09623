package io.drivebay.backend;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.request.Operation;
import java.util.Map;

/** A layer with one stepped context on virtual time, and short ways to fill it. */
final class TestBench {
    static final int READ_WRITE = Permission.set(Permission.CONSISTENT_READ, Permission.WRITE);
    static final int DISK_BYTES = 64 * 1024;

    final VirtualClock clock = new VirtualClock();
    final IoContext context = IoContext.stepped("test", clock);
    final BlockLayer layer = new BlockLayer();

    BlockNode node(final String name, final BlockDriver driver) throws BlockException {
        return node(name, driver, NodeOptions.DEFAULTS);
    }

    BlockNode node(final String name, final BlockDriver driver, final NodeOptions options) throws BlockException {
        return layer.addNode(name, context, options, driver, Map.of());
    }

    BlockNode over(final String name, final BlockDriver driver, final BlockNode child) throws BlockException {
        return layer.addNode(name, context, NodeOptions.DEFAULTS, driver, Map.of("file", child));
    }

    BlockNode disk(final String name) throws BlockException {
        return node(name, new TestDriver(DISK_BYTES));
    }

    BlockBackend backend() {
        return layer.createBackend(context);
    }

    /** A backend with a medium, open for reading and writing as by a device. */
    BlockBackend backendOn(final BlockNode medium) throws BlockException {
        final BlockBackend backend = backend();
        backend.attachDevice(new TestDevice("dev-" + medium.name()), READ_WRITE, Permission.ALL);
        layer.insertMedium(backend, medium);
        return backend;
    }

    /** Submits and steps until nothing is left to do now. */
    TestRequest perform(final BlockBackend backend, final Operation operation, final long offset, final long length) {
        final TestRequest request = new TestRequest(operation, offset, length);
        request.submitTo(backend);
        context.runUntilIdle();
        return request;
    }

    static TestDriver driverOf(final BlockNode node) {
        return (TestDriver) node.driver();
    }
}
