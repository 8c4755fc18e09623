package io.drivebay.virtio.queue;

/**
 * A virtqueue whose buffers are given back in the order in which they were taken (VIRTIO_F_IN_ORDER; virtio 1.2, 2.7.9
 * and 2.8.9), whatever the order in which their requests end: those that end early are kept until it is their turn.
 *
 * <p>Every buffer has a used entry of its own. The specification would allow one for many, but then a request that
 * failed could not tell its length.
 */
final class InOrderVirtqueue implements Virtqueue {
    private final Virtqueue ring;
    /* Ids in the order of taking. An id is written before its request is handed over, and read after that has ended. */
    private final int[] order;
    private int taken;

    /* The giving end's, by id. */
    private final boolean[] ended;
    private final int[] writtenBytes;
    private int given;

    InOrderVirtqueue(final Virtqueue ring) {
        this.ring = ring;
        this.order = new int[ring.size()];
        this.ended = new boolean[ring.size()];
        this.writtenBytes = new int[ring.size()];
    }

    @Override
    public int size() {
        return ring.size();
    }

    // ---- the taking end ----

    @Override
    public int peek(final DescriptorChain chain) {
        final int id = ring.peek(chain);
        if (id >= 0) {
            order[taken] = id;
        }
        return id;
    }

    @Override
    public int upcoming(final int ahead) {
        return ring.upcoming(ahead);
    }

    @Override
    public int peekAgain(final int id, final DescriptorChain chain) {
        return ring.peekAgain(id, chain);
    }

    @Override
    public void resumeAt(final int position) {
        ring.resumeAt(position);
    }

    @Override
    public int position() {
        return ring.position();
    }

    @Override
    public int usedPosition() {
        return ring.usedPosition();
    }

    @Override
    public void advance() {
        taken = next(taken);
        ring.advance();
    }

    private int next(final int index) {
        return index + 1 == order.length ? 0 : index + 1;
    }

    @Override
    public String problem() {
        return ring.problem();
    }

    @Override
    public void suppressNotifications() {
        ring.suppressNotifications();
    }

    @Override
    public boolean enableNotifications() {
        return ring.enableNotifications();
    }

    // ---- the giving end ----

    /**
     * Gives back a buffer and those behind it that have waited for it.
     *
     * <p>An entry of the order that has not been written since its last round holds an id that has not ended: had it been
     * taken again and ended, the entry would have been written before.
     */
    @Override
    public int used(final int id, final int written) {
        ended[id] = true;
        writtenBytes[id] = written;
        int waiting = 0;
        for (int oldest = order[given]; ended[oldest]; oldest = order[given]) {
            ended[oldest] = false;
            given = next(given);
            waiting = ring.used(oldest, writtenBytes[oldest]);
        }
        return waiting;
    }

    @Override
    public void publish() {
        ring.publish();
    }

    @Override
    public boolean publishAndAsk() {
        return ring.publishAndAsk();
    }
}
