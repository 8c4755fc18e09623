package io.drivebay.backend.graph;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.CompletionListener;
import io.drivebay.backend.request.IoVector;
import io.drivebay.backend.request.Operation;
import org.jspecify.annotations.Nullable;

/**
 * A read or write whose ends do not lie on the driver's alignment, widened until they do.
 *
 * <p>A read fetches the padding along with the data. A write reads the blocks at its ends first (one read when they are
 * the same block, none for an end that is aligned), then writes everything in one piece; a failing read fails the write,
 * and nothing is written. The caller has made sure that nothing else touches these blocks meanwhile.
 *
 * <pre>
 *   |.......|#######|#######|####...|      # the request, . the padding, | the driver's alignment
 *   start   |                       end
 *   head.....                   tail
 * </pre>
 */
final class PaddedTransfer implements CompletionListener {
    private final BlockNode node;
    private final BlockRequest request;
    private final int alignment;
    private final long start;
    private final long end;
    private final int headBytes;
    private final int tailBytes;
    private final MemoryRegion padding;
    private boolean headPending;
    private boolean tailPending;

    PaddedTransfer(final BlockNode node, final BlockRequest request) {
        this.node = node;
        this.request = request;
        this.alignment = node.limits().requestAlignment();
        final long mask = alignment - 1L;
        final long requestEnd = request.offset() + request.length();
        start = request.offset() & ~mask;
        end = (requestEnd + mask) & ~mask;
        headBytes = (int) (request.offset() - start);
        tailBytes = (int) (end - requestEnd);
        padding = node.domain().regions().take(2 * alignment);
    }

    void start() {
        if (request.length() == 0) {
            finish(null);
        } else if (request.operation() == Operation.READ) {
            transfer(Operation.READ);
        } else {
            final boolean oneBlock = end - start == alignment;
            headPending = headBytes > 0 || oneBlock;
            tailPending = tailBytes > 0 && !oneBlock;
            next();
        }
    }

    /** The write's steps: head block, tail block, the whole. */
    private void next() {
        if (headPending) {
            headPending = false;
            readBlock(start, 0);
        } else if (tailPending) {
            tailPending = false;
            readBlock(end - alignment, alignment);
        } else {
            transfer(Operation.WRITE);
        }
    }

    private void readBlock(final long offset, final int at) {
        final BlockRequest read = newPart();
        read.vector().add(padding, at, alignment);
        read.set(Operation.READ, offset, alignment, 0);
        SplitTransfer.dispatch(node, read);
    }

    private void transfer(final Operation operation) {
        final BlockRequest whole = newPart();
        final IoVector vector = whole.vector();
        if (headBytes > 0) {
            vector.add(padding, 0, headBytes);
        }
        vector.addSlice(request.vector(), 0, request.length());
        if (tailBytes > 0) {
            vector.add(padding, tailIndex(), tailBytes);
        }
        whole.set(operation, start, end - start, request.flags());
        SplitTransfer.dispatch(node, whole);
    }

    /** Where in the padding the bytes after the request lie: in the head's block when that is the only one. */
    private int tailIndex() {
        final int block = end - start == alignment ? 0 : alignment;
        return block + alignment - tailBytes;
    }

    private BlockRequest newPart() {
        final BlockRequest fresh = node.domain().parts().take(this);
        fresh.startPart(request, node.domain().context().clock().nanoTime());
        return fresh;
    }

    @Override
    public void completed(final BlockRequest done) {
        final boolean readForWrite = request.operation() == Operation.WRITE && done.operation() == Operation.READ;
        if (readForWrite && done.succeeded()) {
            node.domain().parts().give(done);
            next();
        } else {
            finish(done);
        }
    }

    private void finish(final @Nullable BlockRequest last) {
        node.domain().regions().give(padding);
        if (last == null) {
            request.complete();
            return;
        }
        request.completeLike(last);
        node.domain().parts().give(last);
    }
}
