package io.drivebay.monitor.kit;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.Permission;
import io.drivebay.monitor.Monitor;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Predicate;

/** A layer in a stepped context with a machine and a monitor, at one moment of the day, and one client that has negotiated. */
public final class TestMonitor implements AutoCloseable {
    public static final Instant NOW = Instant.ofEpochSecond(1_700_000_000L, 123_456_000L);

    public final IoContext context = IoContext.stepped("test", new VirtualClock());
    public final BlockLayer layer = new BlockLayer();
    public final Blockdevs blockdevs;
    public final TestMachine machine = new TestMachine();
    public final Monitor monitor;
    public final TestClient client;

    public TestMonitor() {
        this(driver -> true);
    }

    /** One whose clients can have only some drivers. */
    public TestMonitor(final Predicate<String> drivers) {
        final List<DriverFactory> factories = new ArrayList<>();
        ServiceLoader.load(DriverFactory.class).forEach(factories::add);
        factories.removeIf(factory -> !drivers.test(factory.driverName()));
        blockdevs = new Blockdevs(layer, factories);
        layer.addContext(context);
        monitor = Monitor.ofMachine(layer, blockdevs, context, () -> NOW, machine);
        client = new TestClient(monitor);
        client.negotiate();
    }

    /** Adds a node. */
    public void node(final Map<String, Object> options) {
        attempt(() -> blockdevs.add(context, options));
    }

    /** A disk of 64 KiB in memory. */
    public void memory(final String name) {
        node(Map.of("driver", "memory", "node-name", name, "size", 65536));
    }

    /** A backend of a device. */
    public BlockBackend attach(final BlockDevice device) {
        final BlockBackend backend = layer.createBackend(context);
        final int write = device.hasTray() ? 0 : Permission.WRITE.bit();
        attempt(() -> backend.attachDevice(device, Permission.CONSISTENT_READ.bit() | write, Permission.ALL));
        return backend;
    }

    /** A fixed disk of 64 KiB, its node called as it is. */
    public BlockBackend disk(final String id) {
        memory(id + "-node");
        final BlockBackend backend = attach(new TrayDevice(id, false));
        attempt(() -> layer.insertMedium(backend, Objects.requireNonNull(layer.node(id + "-node"))));
        return backend;
    }

    /** Something that is not to be refused. */
    @FunctionalInterface
    public interface Attempt {
        void run() throws BlockException;
    }

    public static void attempt(final Attempt action) {
        try {
            action.run();
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        monitor.close();
        for (final BlockBackend backend : layer.backends()) {
            if (backend.device() != null) {
                attempt(backend::detachDevice);
            }
        }
        layer.close();
        context.close();
    }
}
