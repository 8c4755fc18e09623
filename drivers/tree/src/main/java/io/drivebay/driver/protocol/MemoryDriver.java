package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A disk in memory outside the Java heap, which takes no more of it than has been written. */
final class MemoryDriver implements BlockDriver {
    static final String NAME = "memory";

    private static final Logger LOG = LoggerFactory.getLogger(MemoryDriver.class);
    /** What a RAM disk stores is never lost while it is there; and requests complete in the call that starts them. */
    private static final BlockLimits LIMITS = BlockLimits.UNLIMITED;

    private final ChunkStore store;
    private volatile long lengthBytes;
    private volatile long allocatedBytes;
    private String nodeName = NAME;

    MemoryDriver(final long sizeBytes) {
        store = new ChunkStore(sizeBytes);
        lengthBytes = sizeBytes;
    }

    @Override
    public void attached(final BlockNode self) {
        nodeName = self.name();
    }

    @Override
    public String driverName() {
        return NAME;
    }

    @Override
    public BlockLimits limits() {
        return LIMITS;
    }

    @Override
    public long length() {
        return lengthBytes;
    }

    /** There is no other copy of what is overwritten. */
    @Override
    public boolean supports(final Operation operation) {
        return operation == Operation.SECURE_ERASE;
    }

    @Override
    public void start(final BlockRequest request) {
        switch (request.operation()) {
            case READ -> read(request);
            case WRITE -> write(request);
            case WRITE_ZEROES, DISCARD -> clear(request);
            case SECURE_ERASE -> {
                store.overwrite(request.offset(), request.length());
                clear(request);
            }
            case BLOCK_STATUS -> status(request);
            case FLUSH -> request.complete();
            default -> throw new IllegalStateException("not supported by " + NAME + ": " + request);
        }
    }

    private void clear(final BlockRequest request) {
        store.clear(request.offset(), request.length());
        allocatedBytes = store.allocatedBytes();
        request.complete();
    }

    private void read(final BlockRequest request) {
        long done = 0;
        while (done < request.length()) {
            final long at = request.offset() + done;
            final int part = partWithinChunk(at, request.length() - done);
            final MemoryRegion chunk = store.chunkAt(at);
            if (chunk == null) {
                request.vector().fill(done, part, (byte) 0);
            } else {
                request.vector().copyFrom(done, chunk, (int) (at % ChunkStore.CHUNK_BYTES), part);
            }
            done += part;
        }
        request.complete();
    }

    private void write(final BlockRequest request) {
        if (copyIn(request)) {
            request.complete();
        } else {
            request.fail(Status.NO_SPACE, nodeName);
        }
        allocatedBytes = store.allocatedBytes();
    }

    private boolean copyIn(final BlockRequest request) {
        long done = 0;
        while (done < request.length()) {
            final long at = request.offset() + done;
            final int part = partWithinChunk(at, request.length() - done);
            final MemoryRegion chunk;
            try {
                chunk = store.chunkForWriting(at);
            } catch (final OutOfMemoryError e) {
                LOG.warn("Node '{}' has no more memory after {} bytes", nodeName, store.allocatedBytes(), e);
                return false;
            }
            request.vector().copyTo(done, chunk, (int) (at % ChunkStore.CHUNK_BYTES), part);
            done += part;
        }
        return true;
    }

    private static int partWithinChunk(final long offset, final long length) {
        return (int) Math.min(ChunkStore.CHUNK_BYTES - offset % ChunkStore.CHUNK_BYTES, length);
    }

    private void status(final BlockRequest request) {
        final boolean written = store.chunkAt(request.offset()) != null;
        final long bytes = store.extent(request.offset(), request.length());
        final int end = request.offset() + bytes >= lengthBytes ? BlockStatusFlags.END_OF_FILE : 0;
        final int content = written ? BlockStatusFlags.DATA : BlockStatusFlags.ZERO;
        request.completeStatus(content | BlockStatusFlags.ALLOCATED | end, bytes);
    }

    @Override
    public void resize(final long newLengthBytes) throws BlockException {
        final long length = Sizes.checked(NAME, newLengthBytes, ChunkStore.MAX_BYTES);
        if (length < lengthBytes) {
            store.clear(length, lengthBytes + (-lengthBytes & 511) - length);
        }
        store.resize(length);
        allocatedBytes = store.allocatedBytes();
        lengthBytes = length;
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("allocated-bytes", allocatedBytes);
    }

    @Override
    public void close() {
        store.close();
    }
}
