package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.Virtqueue;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A split queue that keeps book, in an {@link InflightRegion}, of what is in flight, step by step so that the process may
 * be killed between any two of them (vhost-user, "Inflight I/O tracking", split virtqueue).
 *
 * <p>A head is marked before its request is carried out. When it is given back it joins the chain of those used last; once
 * the used index is out the marks of that chain are taken away, and then the index is noted. A successor that finds
 * another index noted than the ring has finishes that for its predecessor; what is still marked it takes again.
 */
final class TrackedQueue implements Virtqueue {
    private final Virtqueue ring;
    private final MemoryRegion region;
    private final int start;
    private final int[] again;
    private int nextAgain;
    private int peeked;
    private long counter;
    private int lastHead;
    /* Heads given back since the last publication; the region could be changed behind our back. */
    private final int[] batch;
    private int unpublished;

    private TrackedQueue(final Virtqueue ring, final MemoryRegion region, final int start, final List<Integer> again) {
        this.ring = ring;
        this.region = region;
        this.start = start;
        this.batch = new int[ring.size()];
        this.again = again.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Takes a ring over from a predecessor, if there was one. */
    static TrackedQueue resume(
            final Virtqueue ring, final MemoryRegion region, final int start, final int regionQueueSize)
            throws ProtocolException {
        final int version = region.getShort(start + InflightRegion.VERSION) & 0xffff;
        final int descriptors = region.getShort(start + InflightRegion.DESCRIPTORS) & 0xffff;
        if (version == 0) {
            region.putShort(start + InflightRegion.DESCRIPTORS, (short) regionQueueSize);
            region.putShort(start + InflightRegion.USED_INDEX, (short) ring.usedPosition());
            VarHandle.releaseFence();
            region.putShort(start + InflightRegion.VERSION, (short) InflightRegion.PRESENT_VERSION);
        } else if (version != InflightRegion.PRESENT_VERSION || (descriptors != 0 && descriptors != regionQueueSize)) {
            throw new ProtocolException(
                    "an in-flight region of version " + version + " for " + descriptors + " descriptors");
        }
        finishBatch(ring, region, start);
        final List<Integer> left = new ArrayList<>();
        for (int head = 0; head < ring.size(); head++) {
            if (region.getByte(state(start, head) + InflightRegion.IN_FLIGHT) != 0) {
                left.add(head);
            }
        }
        final Comparator<Integer> byCounter =
                Comparator.comparingLong(head -> region.getLong(state(start, head) + InflightRegion.COUNTER));
        left.sort(byCounter);
        final TrackedQueue tracked = new TrackedQueue(ring, region, start, left);
        tracked.lastHead = region.getShort(start + InflightRegion.LAST_HEAD) & 0xffff;
        if (!left.isEmpty()) {
            tracked.counter = region.getLong(state(start, left.get(left.size() - 1)) + InflightRegion.COUNTER) + 1;
        }
        if (version != 0) {
            ring.resumeAt(ring.usedPosition() + left.size());
        }
        return tracked;
    }

    /** What the predecessor had let the driver see, but not noted. */
    private static void finishBatch(final Virtqueue ring, final MemoryRegion region, final int start)
            throws ProtocolException {
        final int noted = region.getShort(start + InflightRegion.USED_INDEX) & 0xffff;
        final int used = ring.usedPosition();
        final int batch = (used - noted) & 0xffff;
        if (batch > ring.size()) {
            throw new ProtocolException(
                    "an in-flight region that has seen " + noted + " used buffers, of " + used + " in the ring");
        }
        int head = region.getShort(start + InflightRegion.LAST_HEAD) & 0xffff;
        for (int i = 0; i < batch; i++) {
            if (head >= ring.size()) {
                throw new ProtocolException("an in-flight region with head " + head + " in a queue of " + ring.size());
            }
            region.putByte(state(start, head) + InflightRegion.IN_FLIGHT, (byte) 0);
            head = region.getShort(state(start, head) + InflightRegion.PREVIOUS_HEAD) & 0xffff;
        }
        VarHandle.releaseFence();
        region.putShort(start + InflightRegion.USED_INDEX, (short) used);
    }

    private static int state(final int start, final int head) {
        return start + InflightRegion.STATES + InflightRegion.STATE_BYTES * head;
    }

    @Override
    public int size() {
        return ring.size();
    }

    // ---- the taking end ----

    @Override
    public int peek(final DescriptorChain chain) {
        final int head = nextAgain < again.length ? ring.peekAgain(again[nextAgain], chain) : ring.peek(chain);
        peeked = head;
        return head;
    }

    @Override
    public void advance() {
        if (nextAgain < again.length) {
            nextAgain++;
            return;
        }
        final int state = state(start, peeked);
        region.putLong(state + InflightRegion.COUNTER, counter++);
        VarHandle.releaseFence();
        region.putByte(state + InflightRegion.IN_FLIGHT, (byte) 1);
        VarHandle.releaseFence();
        ring.advance();
    }

    @Override
    public int upcoming(final int ahead) {
        return nextAgain < again.length ? EMPTY : ring.upcoming(ahead);
    }

    @Override
    public int peekAgain(final int id, final DescriptorChain chain) {
        return ring.peekAgain(id, chain);
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
        return ring.enableNotifications() || nextAgain < again.length;
    }

    // ---- the giving end ----

    @Override
    public int used(final int id, final int writtenBytes) {
        region.putShort(state(start, id) + InflightRegion.PREVIOUS_HEAD, (short) lastHead);
        VarHandle.releaseFence();
        region.putShort(start + InflightRegion.LAST_HEAD, (short) id);
        lastHead = id;
        batch[unpublished++] = id;
        return ring.used(id, writtenBytes);
    }

    @Override
    public void publish() {
        ring.publish();
        noteBatch();
    }

    @Override
    public boolean publishAndAsk() {
        final boolean wanted = ring.publishAndAsk();
        noteBatch();
        return wanted;
    }

    private void noteBatch() {
        VarHandle.releaseFence();
        while (unpublished > 0) {
            region.putByte(state(start, batch[--unpublished]) + InflightRegion.IN_FLIGHT, (byte) 0);
        }
        VarHandle.releaseFence();
        region.putShort(start + InflightRegion.USED_INDEX, (short) ring.usedPosition());
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
