package io.drivebay.driver;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.Clock;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.context.WaitPort;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/** A layer with one backend in a stepped context: the test's thread is the context's. */
public final class Disk implements AutoCloseable {
    private static final int RING = 1024;
    private static final int MAX_IDLE_TURNS = 20_000;
    private static final long WAIT_NS = 1_000_000;

    public final IoContext context;
    public final BlockLayer layer = new BlockLayer();
    public final Blockdevs blockdevs = new Blockdevs(layer);
    public final BlockBackend backend;
    private final Clock clock;

    public Disk(final Clock clock, final WaitPort port) {
        this.clock = clock;
        this.context = new IoContext("test", clock, port);
        this.backend = layer.createBackend(context, RING);
    }

    /** Opens a tree and puts it in, for a device that reads and writes and lets others read. */
    public BlockNode open(final Map<String, ?> options) throws BlockException {
        final BlockNode node = blockdevs.add(context, options);
        insert(node);
        return node;
    }

    /** Puts a tree in, for a device that reads and writes and lets others read. */
    public void insert(final BlockNode node) throws BlockException {
        insert(node, Permission.set(Permission.CONSISTENT_READ, Permission.WRITE_UNCHANGED));
    }

    public void insert(final BlockNode node, final int shared) throws BlockException {
        final int reading = Permission.set(Permission.CONSISTENT_READ);
        final int writing = Permission.set(Permission.CONSISTENT_READ, Permission.WRITE, Permission.RESIZE);
        backend.attachDevice(new Device(), node.readOnly() ? reading : writing, shared);
        layer.insertMedium(backend, node);
    }

    /** The root of the tree that is in. */
    public BlockNode root() {
        return Objects.requireNonNull(backend.medium(), "there is no medium");
    }

    /** What the root's driver tells under a name. */
    public Object told(final String member) {
        return Objects.requireNonNull(root().driver().describe().get(member), member);
    }

    /** Submits and waits for the end. */
    public BlockRequest run(final Operation operation, final long offset, final long length, final int flags) {
        return run(operation, offset, length, flags, new IoVector());
    }

    public BlockRequest run(
            final Operation operation, final long offset, final long length, final int flags, final IoVector vector) {
        final Submitted submitted = submit(operation, offset, length, flags, vector);
        runUntil(submitted::done);
        return submitted.request;
    }

    /** Submits without waiting. */
    public Submitted submit(
            final Operation operation, final long offset, final long length, final int flags, final IoVector vector) {
        final Submitted submitted = new Submitted();
        submitted.request.set(operation, offset, length, flags);
        submitted.request.vector().addSlice(vector, 0, vector.bytes());
        assertTrue(backend.submit(submitted.request), "the ring is full");
        return submitted;
    }

    /** A request and how often it has completed. */
    public static final class Submitted {
        public final BlockRequest request = new BlockRequest(done -> this.completions++);
        public int completions;

        public boolean done() {
            return completions > 0;
        }
    }

    public BlockRequest read(final long offset, final byte[] into) {
        final MemoryRegion memory = MemoryRegion.allocate(Math.max(1, into.length));
        final BlockRequest request =
                run(Operation.READ, offset, into.length, 0, new IoVector().add(memory, 0, into.length));
        memory.getBytes(0, into, 0, into.length);
        return request;
    }

    public BlockRequest write(final long offset, final byte[] data, final int flags) {
        final MemoryRegion memory = MemoryRegion.allocate(Math.max(1, data.length));
        memory.putBytes(0, data, 0, data.length);
        return run(Operation.WRITE, offset, data.length, flags, new IoVector().add(memory, 0, data.length));
    }

    /** Steps the context until something holds; moves a virtual clock from timer to timer. */
    public void runUntil(final BooleanSupplier condition) {
        for (int idle = 0; !condition.getAsBoolean(); idle++) {
            if (context.runOnce() > 0) {
                idle = 0;
                continue;
            }
            if (idle > MAX_IDLE_TURNS) {
                throw new AssertionError("nothing happens; pending:\n" + layer.pendingRequests());
            }
            final long next = context.nextDeadlineNs();
            if (clock instanceof VirtualClock virtual
                    && next != Long.MAX_VALUE
                    && !context.port().busy()) {
                virtual.advanceTo(next);
            } else {
                context.port().await(WAIT_NS);
            }
        }
    }

    @Override
    public void close() throws BlockException {
        if (backend.device() != null) {
            backend.detachDevice();
        }
        layer.close();
        context.close();
    }

    /** A device that does nothing. */
    private static final class Device implements BlockDevice {
        @Override
        public String id() {
            return "test-device";
        }
    }
}
