package io.drivebay.virtio.queue;

/**
 * A virtqueue whose buffers are given back in the order in which they were taken (VIRTIO_F_IN_ORDER; virtio 1.2, 2.7.9
 * and 2.8.9), whatever the order in which their requests end: those that end early are kept until it is their turn.
 *
 * <p>Every buffer has a used entry of its own. The specification would allow one for many, but then a request that
 * failed could not tell its length.
 */
final class InOrderVirtqueue extends ForwardingVirtqueue {
    /* Ids in the order of taking. An id is written before its request is handed over, and read after that has ended. */
    private final int[] order;
    private int taken;

    /* The giving end's, by id. */
    private final boolean[] ended;
    private final int[] writtenBytes;
    private int given;

    InOrderVirtqueue(final Virtqueue ring) {
        super(ring);
        this.order = new int[ring.size()];
        this.ended = new boolean[ring.size()];
        this.writtenBytes = new int[ring.size()];
    }

    // ---- the taking end ----

    @Override
    public int peek(final DescriptorChain chain) {
        final int id = super.peek(chain);
        if (id >= 0) {
            order[taken] = id;
        }
        return id;
    }

    @Override
    public void advance() {
        taken = next(taken);
        super.advance();
    }

    private int next(final int index) {
        return index + 1 == order.length ? 0 : index + 1;
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
            waiting = super.used(oldest, writtenBytes[oldest]);
        }
        return waiting;
    }
}
