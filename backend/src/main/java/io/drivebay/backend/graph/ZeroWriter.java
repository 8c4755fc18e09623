package io.drivebay.backend.graph;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;

/**
 * A WRITE_ZEROES that the driver cannot do, as writes of zeros one after the other.
 *
 * <p>Ends that do not lie on the alignment are written through {@link PaddedTransfer}; the caller has made sure that
 * nothing else touches the range meanwhile.
 */
final class ZeroWriter implements CompletionListener {
    private static final long MAX_CHUNK = 1 << 20;

    private final BlockNode node;
    private final BlockRequest request;
    private final int alignment;
    private long done;
    private boolean pending;
    private boolean issuing;

    ZeroWriter(final BlockNode node, final BlockRequest request) {
        this.node = node;
        this.request = request;
        this.alignment = node.limits().requestAlignment();
    }

    void start() {
        next();
    }

    /** Writes chunk after chunk for as long as they complete at once; the last one to complete later calls again. */
    private void next() {
        issuing = true;
        while (!pending && done < request.length()) {
            pending = true;
            writeChunk();
        }
        issuing = false;
        if (!pending) {
            request.complete();
        }
    }

    private void writeChunk() {
        final long offset = request.offset() + done;
        final long length = chunk(offset, request.length() - done);
        final BlockRequest write = node.domain().parts().take(this);
        write.set(Operation.WRITE, offset, length, request.flags() & RequestFlags.FUA);
        final MemoryRegion zeroes = node.domain().zeroes();
        for (long filled = 0; filled < length; filled += zeroes.size()) {
            write.vector().add(zeroes, 0, (int) Math.min(zeroes.size(), length - filled));
        }
        write.startPart(request, node.domain().context().clock().nanoTime());
        if (node.limits().aligned(write)) {
            SplitTransfer.dispatch(node, write);
        } else {
            new PaddedTransfer(node, write).start();
        }
    }

    /** Up to the next block boundary while off it, then whole blocks, then the rest. */
    private long chunk(final long offset, final long left) {
        final long beyond = offset & (alignment - 1L);
        if (beyond != 0) {
            return Math.min(left, alignment - beyond);
        }
        final long whole = Math.min(left, Math.max(MAX_CHUNK, alignment)) & -(long) alignment;
        return whole == 0 ? left : whole;
    }

    @Override
    public void completed(final BlockRequest write) {
        if (!write.succeeded()) {
            request.completeLike(write);
            node.domain().parts().give(write);
            return; // still pending for ever: the loop, if it is running, ends
        }
        done += write.length();
        node.domain().parts().give(write);
        pending = false;
        if (!issuing) {
            next();
        }
    }
}
