package io.drivebay.backend.graph;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;

/**
 * A WRITE_ZEROES that the driver cannot do as a whole: ends off its alignment are written as data, the middle is left to
 * the driver, and what the driver cannot do after all is written as data too; one piece after the other.
 *
 * <p>Ends that do not lie on the request alignment either go through {@link PaddedTransfer}; the caller has made sure
 * that nothing else touches the range meanwhile.
 */
final class ZeroWriter implements CompletionListener {
    private static final long MAX_CHUNK = 1 << 20;

    private final BlockNode node;
    private final BlockLimits limits;
    private final BlockRequest request;
    private final long zeroAlignment;
    private boolean driverHelps;
    private long done;
    private boolean pending;
    private boolean issuing;

    /** A writer of a request's zeros; the driver is asked for the middle part if it may have a way of its own. */
    ZeroWriter(final BlockNode node, final BlockRequest request, final boolean driverHelps) {
        this.node = node;
        this.limits = node.limits();
        this.request = request;
        this.zeroAlignment = limits.alignmentOfZeroes();
        this.driverHelps = driverHelps;
    }

    /** Writes piece after piece for as long as they complete at once; the last one to complete later calls again. */
    void start() {
        issuing = true;
        while (!pending && done < request.length()) {
            pending = true;
            startPiece(request.offset() + done, request.length() - done);
        }
        issuing = false;
        if (!pending) {
            request.complete();
        }
    }

    private void startPiece(final long offset, final long left) {
        final long beyond = offset % zeroAlignment;
        final long whole = left / zeroAlignment * zeroAlignment;
        if (!driverHelps) {
            write(offset, left);
        } else if (beyond != 0) {
            write(offset, Math.min(left, zeroAlignment - beyond));
        } else if (whole == 0) {
            write(offset, left);
        } else {
            final BlockRequest part = newPart(Operation.WRITE_ZEROES, offset, whole, request.flags());
            node.driver().start(part);
        }
    }

    private void write(final long offset, final long atMost) {
        final long length = chunk(offset, atMost);
        final BlockRequest write = newPart(Operation.WRITE, offset, length, request.flags() & RequestFlags.FUA);
        final MemoryRegion zeroes = node.domain().zeroes();
        for (long filled = 0; filled < length; filled += zeroes.size()) {
            write.vector().add(zeroes, 0, (int) Math.min(zeroes.size(), length - filled));
        }
        if (limits.aligned(write)) {
            SplitTransfer.dispatch(node, write);
        } else {
            new PaddedTransfer(node, write).start();
        }
    }

    private BlockRequest newPart(final Operation operation, final long offset, final long length, final int flags) {
        final BlockRequest part = node.domain().parts().take(this);
        part.set(operation, offset, length, flags);
        part.startPart(request, node.domain().context().clock().nanoTime());
        return part;
    }

    /** Up to the next block boundary while off it, then whole blocks, then the rest. */
    private long chunk(final long offset, final long left) {
        final long alignment = limits.requestAlignment();
        final long beyond = offset & (alignment - 1);
        if (beyond != 0) {
            return Math.min(left, alignment - beyond);
        }
        final long whole = Math.min(left, Math.max(MAX_CHUNK, alignment)) & -alignment;
        return whole == 0 ? left : whole;
    }

    @Override
    public void completed(final BlockRequest part) {
        final boolean byHandInstead =
                part.operation() == Operation.WRITE_ZEROES && part.status() == Status.NOT_SUPPORTED;
        if (!part.succeeded() && !byHandInstead) {
            request.completeLike(part);
            node.domain().parts().give(part);
            return; // still pending for ever: the loop, if it is running, ends
        }
        if (byHandInstead) {
            driverHelps = false;
        } else {
            done += part.length();
        }
        node.domain().parts().give(part);
        pending = false;
        if (!issuing) {
            start();
        }
    }
}
