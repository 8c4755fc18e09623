package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** A disk of our own in a running context of its own, to be read and written by a test's thread. */
final class OwnDisk implements AutoCloseable {
    private final IoContext context = new IoContext("own", SystemClock.INSTANCE, new ParkPort()).start();
    private final BlockLayer layer = new BlockLayer();
    private final BlockBackend backend;

    OwnDisk(final Map<String, Object> options) throws BlockException {
        layer.addContext(context);
        backend = layer.createBackend(context);
        final BlockNode node = new Blockdevs(layer).add(context, options);
        backend.attachDevice(
                new BlockDevice() {
                    @Override
                    public String id() {
                        return "own-disk";
                    }
                },
                Permission.set(Permission.CONSISTENT_READ, Permission.WRITE),
                Permission.ALL);
        layer.insertMedium(backend, node);
    }

    long lengthBytes() {
        return backend.lengthBytes();
    }

    byte[] read(final long offset, final int length) throws InterruptedException {
        final MemoryRegion memory = MemoryRegion.allocate(length);
        assertEquals(Status.OK, run(Operation.READ, offset, memory, 0).status());
        final byte[] data = new byte[length];
        memory.getBytes(0, data, 0, length);
        return data;
    }

    void write(final long offset, final byte[] data) throws InterruptedException {
        final MemoryRegion memory = MemoryRegion.allocate(data.length);
        memory.putBytes(0, data, 0, data.length);
        assertEquals(Status.OK, run(Operation.WRITE, offset, memory, 0).status());
    }

    /** Runs a request to its end. */
    BlockRequest run(final Operation operation, final long offset, final MemoryRegion memory, final int flags)
            throws InterruptedException {
        final CountDownLatch ended = new CountDownLatch(1);
        final BlockRequest request = new BlockRequest(done -> ended.countDown());
        if (operation.transfers()) {
            request.vector().add(memory, 0, memory.size());
        }
        assertTrue(backend.submit(request.set(operation, offset, memory.size(), flags)), "the ring is full");
        ended.await();
        return request;
    }

    @Override
    public void close() throws BlockException {
        backend.detachDevice();
        layer.close();
        context.close();
    }
}
