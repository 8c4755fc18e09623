package io.drivebay.exports.vhost;

import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.Virtqueue;
import org.jspecify.annotations.Nullable;

/**
 * A queue whose writes to guest memory go to a {@link DirtyLog} before the driver learns of them: what was written
 * for a request, its status byte, and the ring itself.
 */
final class LoggedQueue implements Virtqueue {
    /**
     * Where a ring's used entries lie, for the log.
     *
     * @param address guest physical address; negative when the client does not want to know
     * @param bytes size
     */
    record UsedArea(long address, int bytes) {}

    private final Virtqueue ring;
    private final DirtyLog log;
    private final UsedArea usedArea;
    /* For each buffer id in flight its writable pieces: address, length, address, length. */
    private final long[] @Nullable [] writable;
    private long[] peeked = {};

    LoggedQueue(final Virtqueue ring, final DirtyLog log, final UsedArea usedArea) {
        this.ring = ring;
        this.log = log;
        this.usedArea = usedArea;
        this.writable = new long[ring.size()][];
    }

    @Override
    public int size() {
        return ring.size();
    }

    // ---- the taking end ----

    @Override
    public int peek(final DescriptorChain chain) {
        return remember(ring.peek(chain), chain);
    }

    @Override
    public int upcoming(final int ahead) {
        return ring.upcoming(ahead);
    }

    @Override
    public int peekAgain(final int id, final DescriptorChain chain) {
        return remember(ring.peekAgain(id, chain), chain);
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
    public void advance() {
        ring.advance();
    }

    @Override
    public String problem() {
        return ring.problem();
    }

    @Override
    public void suppressNotifications() {
        ring.suppressNotifications();
        usedWritten();
    }

    @Override
    public boolean enableNotifications() {
        final boolean more = ring.enableNotifications();
        usedWritten();
        return more;
    }

    private void usedWritten() {
        log.written(usedArea.address(), usedArea.bytes());
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
        return ring.used(id, writtenBytes);
    }

    @Override
    public void publish() {
        usedWritten();
        ring.publish();
        usedWritten();
    }

    @Override
    public boolean publishAndAsk() {
        final boolean wanted = ring.publishAndAsk();
        usedWritten();
        return wanted;
    }

    // ---- its place ----

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
}
