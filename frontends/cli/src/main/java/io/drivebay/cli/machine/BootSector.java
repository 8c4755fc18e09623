package io.drivebay.cli.machine;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A disk's first sector, read before the disk has a device. A control thread. */
final class BootSector {
    private static final int SECTOR = 512;
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(10);

    private BootSector() {}

    /**
     * Reads it; zeros when it cannot be read.
     *
     * @throws BlockException IN_USE when the disk may not be read
     */
    static byte[] read(final BlockBackend backend) throws BlockException {
        backend.attachDevice(() -> "boot sector", Permission.CONSISTENT_READ.bit(), Permission.ALL);
        try {
            final CompletableFuture<BlockRequest> end = new CompletableFuture<>();
            final MemoryRegion memory = MemoryRegion.allocate(SECTOR);
            final BlockRequest request = new BlockRequest(end::complete);
            request.set(Operation.READ, 0, SECTOR, 0).vector().add(memory, 0, SECTOR);
            final byte[] sector = new byte[SECTOR];
            if (backend.submit(request) && backend.context().await(end, WAIT_NS).succeeded()) {
                memory.getBytes(0, sector, 0, SECTOR);
            }
            return sector;
        } catch (final TimeoutException e) {
            return new byte
                    [SECTOR]; // a throttle whose time stands still; the request ends with the backend's detaching
        } finally {
            backend.detachDevice();
        }
    }
}
