package io.drivebay.exports.vhost;

import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.ForwardingVirtqueue;
import io.drivebay.virtio.queue.Virtqueue;

/**
 * A queue that keeps book, in an {@link InflightRegion}, of what is in flight, step by step so that the process may be
 * killed between any two of them (vhost-user, "Inflight I/O tracking"). What a predecessor has left in flight is taken
 * first.
 */
abstract class TrackedQueue extends ForwardingVirtqueue {
    private final int[] again;
    private int nextAgain;
    private int peeked;
    /* Given back since the last publication; the region could be changed behind our back. */
    private final int[] batch;
    private int unpublished;

    /**
     * Takes a ring over.
     *
     * @param again ids of what a predecessor has left in flight, in the order in which it was taken
     */
    TrackedQueue(final Virtqueue ring, final int[] again) {
        super(ring);
        this.again = again;
        this.batch = new int[ring.size()];
    }

    // ---- what there is to be noted ----

    /** Reads a chain that a predecessor had taken. */
    abstract int peekLeft(int id, DescriptorChain chain);

    /** A new chain is about to be taken. */
    abstract void taking(int id);

    /** A buffer is about to be given back, which the driver sees later. */
    abstract void givingBack(int id);

    /** Some buffers are about to be seen by the driver: the first so many ids of an array. */
    abstract void publishing(int[] ids, int count);

    /** The driver can see them. */
    abstract void published(int[] ids, int count);

    // ---- the taking end ----

    @Override
    public int peek(final DescriptorChain chain) {
        peeked = nextAgain < again.length ? peekLeft(again[nextAgain], chain) : peekNew(chain);
        return peeked;
    }

    /** Reads a chain that nobody has taken. */
    int peekNew(final DescriptorChain chain) {
        return super.peek(chain);
    }

    @Override
    public void advance() {
        if (nextAgain < again.length) {
            nextAgain++;
            return;
        }
        taking(peeked);
        super.advance();
    }

    @Override
    public int upcoming(final int ahead) {
        return nextAgain < again.length ? EMPTY : super.upcoming(ahead);
    }

    @Override
    public boolean enableNotifications() {
        return super.enableNotifications() || nextAgain < again.length;
    }

    // ---- the giving end ----

    @Override
    public int used(final int id, final int writtenBytes) {
        if (unpublished == batch.length) {
            publish(); // a driver has offered buffers again that it cannot have got back
        }
        givingBack(id);
        batch[unpublished++] = id;
        return super.used(id, writtenBytes);
    }

    @Override
    public void publish() {
        publishing(batch, unpublished);
        super.publish();
        noteBatch();
    }

    @Override
    public boolean publishAndAsk() {
        publishing(batch, unpublished);
        final boolean wanted = super.publishAndAsk();
        noteBatch();
        return wanted;
    }

    private void noteBatch() {
        published(batch, unpublished);
        unpublished = 0;
    }
}
