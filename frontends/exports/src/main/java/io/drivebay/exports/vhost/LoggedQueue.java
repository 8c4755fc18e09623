package io.drivebay.exports.vhost;

import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.ForwardingVirtqueue;
import io.drivebay.virtio.queue.Virtqueue;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose writes to guest memory go to a {@link DirtyLog} before the driver learns of them: what was written
 * for a request, its status byte, and the ring itself.
 */
final class LoggedQueue extends ForwardingVirtqueue {
    /**
     * Where the device writes into a ring, for the log.
     *
     * @param address guest physical address
     * @param bytes size
     */
    record RingArea(long address, int bytes) {}

    private final DirtyLog log;
    private final List<RingArea> ringAreas;
    /* For each buffer id in flight its writable pieces: address, length, address, length. */
    private final long[] @Nullable [] writable;
    private long[] peeked = {};

    /**
     * Keeps a log.
     *
     * @param ringAreas none when the client does not want to know of the ring
     */
    LoggedQueue(final Virtqueue ring, final DirtyLog log, final List<RingArea> ringAreas) {
        super(ring);
        this.log = log;
        this.ringAreas = ringAreas;
        this.writable = new long[ring.size()][];
    }

    // ---- the taking end ----

    @Override
    public int peek(final DescriptorChain chain) {
        return remember(super.peek(chain), chain);
    }

    @Override
    public int peekAgain(final int id, final DescriptorChain chain) {
        return remember(super.peekAgain(id, chain), chain);
    }

    private int remember(final int id, final DescriptorChain chain) {
        if (id >= 0) {
            peeked = new long[2 * (chain.count() - chain.readable())];
            for (int i = chain.readable(), at = 0; i < chain.count(); i++) {
                peeked[at++] = chain.address(i);
                peeked[at++] = chain.lengthBytes(i);
            }
            writable[id] = peeked;
        }
        return id;
    }

    @Override
    public void suppressNotifications() {
        super.suppressNotifications();
        ringWritten();
    }

    @Override
    public boolean enableNotifications() {
        final boolean more = super.enableNotifications();
        ringWritten();
        return more;
    }

    private void ringWritten() {
        for (int i = 0; i < ringAreas.size(); i++) {
            log.written(ringAreas.get(i).address(), ringAreas.get(i).bytes());
        }
    }

    // ---- the giving end ----

    @Override
    public int used(final int id, final int writtenBytes) {
        final long[] pieces = writable[id];
        writable[id] = null;
        if (pieces != null && pieces.length > 0) {
            long left = Integer.toUnsignedLong(writtenBytes);
            for (int i = 0; i < pieces.length && left > 0; i += 2) {
                log.written(pieces[i], Math.min(left, pieces[i + 1]));
                left -= pieces[i + 1];
            }
            log.written(pieces[pieces.length - 2] + pieces[pieces.length - 1] - 1, 1);
        }
        return super.used(id, writtenBytes);
    }

    @Override
    public void publish() {
        ringWritten();
        super.publish();
        ringWritten();
    }

    @Override
    public boolean publishAndAsk() {
        final boolean wanted = super.publishAndAsk();
        ringWritten();
        return wanted;
    }
}
