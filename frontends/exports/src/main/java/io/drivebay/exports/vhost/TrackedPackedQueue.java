package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.PackedVirtqueue;
import java.lang.invoke.VarHandle;

/**
 * A packed queue that keeps book of what is in flight (vhost-user, "Inflight I/O tracking", packed virtqueue).
 *
 * <p>A chain's descriptors are copied to entries of the region, which it takes from a list of free ones, because the ring
 * keeps none. Entries go back to the list, and the place in the ring is noted, beside what both were before; then the
 * driver gets to see the used buffers; then what was before is forgotten. A successor that finds two places looks into the
 * ring which of them holds. What it then finds outside the list is in flight, and it takes that again.
 */
final class TrackedPackedQueue extends TrackedQueue {
    private final PackedVirtqueue ring;
    private final PackedBook book;
    private final PackedLeftovers left;
    private final int[] headOf;
    private String problem = "";

    private TrackedPackedQueue(final PackedVirtqueue ring, final PackedBook book, final PackedLeftovers left) {
        super(ring, left.ids());
        this.ring = ring;
        this.book = book;
        this.left = left;
        this.headOf = left.headOf();
    }

    /** Takes a ring over from a predecessor, if there was one. */
    static TrackedPackedQueue resume(
            final PackedVirtqueue ring, final MemoryRegion region, final int start, final int regionQueueSize)
            throws ProtocolException {
        final PackedBook book = new PackedBook(region, start, regionQueueSize);
        if (book.version() == 0) {
            book.begin(ring.usedPosition());
            return new TrackedPackedQueue(ring, book, PackedLeftovers.none(ring.size()));
        }
        InflightRegion.check(book.version(), book.descriptors(), regionQueueSize);
        book.settle(ring);
        final PackedLeftovers left = PackedLeftovers.find(book, ring.size());
        ring.resumeAfter(book.used(), left.descriptors());
        return new TrackedPackedQueue(ring, book, left);
    }

    @Override
    int peekNew(final DescriptorChain chain) {
        final int id = super.peekNew(chain);
        if (id >= 0 && headOf[id] != PackedLeftovers.NONE) {
            return corrupt("buffer id " + id + " is available while it is in use");
        }
        if (id >= 0 && ring.peekedDescriptors() > book.free()) {
            return corrupt("more descriptors are in use than there are");
        }
        return id;
    }

    private int corrupt(final String what) {
        problem = what;
        return CORRUPT;
    }

    @Override
    public String problem() {
        return problem.isEmpty() ? super.problem() : problem;
    }

    @Override
    int peekLeft(final int id, final DescriptorChain chain) {
        return ring.peekCopy(left.words(id), chain);
    }

    @Override
    void taking(final int id) {
        headOf[id] = book.take(ring);
    }

    @Override
    void givingBack(final int id) {
        left.forget(id);
    }

    @Override
    void publishing(final int[] ids, final int count) {
        if (count > 0) {
            for (int i = 0; i < count; i++) {
                book.release(headOf[ids[i]]);
            }
            book.announce(ring.usedPosition());
        }
    }

    @Override
    void published(final int[] ids, final int count) {
        if (count > 0) {
            VarHandle.releaseFence();
            for (int i = 0; i < count; i++) {
                book.unmark(headOf[ids[i]]);
                headOf[ids[i]] = PackedLeftovers.NONE;
            }
            book.confirm();
        }
    }
}
