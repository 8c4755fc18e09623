package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.DescriptorChain;
import io.drivebay.virtio.queue.Virtqueue;
import java.lang.invoke.VarHandle;

/**
 * A split queue that keeps book of what is in flight (vhost-user, "Inflight I/O tracking", split virtqueue):
 *
 * <pre>
 *  0 features (8)   8 version (2)   10 descriptors (2)   12 head used last (2)   14 used index (2)
 * 16 for each descriptor: 0 in flight (1)   6 head used before it (2)   8 counter (8)
 * </pre>
 *
 * <p>A head is marked before its request is carried out. When it is given back it joins the chain of those used last; once
 * the used index is out the marks of that chain are taken away, and then the index is noted. A successor that finds
 * another index noted than the ring has finishes that for its predecessor; what is still marked it takes again.
 */
final class TrackedSplitQueue extends TrackedQueue {
    static final int STATES = 16;
    static final int STATE_BYTES = 16;

    private static final int VERSION = 8;
    private static final int DESCRIPTORS = 10;
    private static final int LAST_HEAD = 12;
    private static final int USED_INDEX = 14;
    private static final int IN_FLIGHT = 0;
    private static final int PREVIOUS_HEAD = 6;
    private static final int COUNTER = 8;

    private final Virtqueue ring;
    private final MemoryRegion region;
    private final int start;
    private long counter;
    private int lastHead;

    private TrackedSplitQueue(
            final Virtqueue ring, final MemoryRegion region, final int start, final long counter, final int[] again) {
        super(ring, again);
        this.ring = ring;
        this.region = region;
        this.start = start;
        this.lastHead = region.getShort(start + LAST_HEAD) & 0xffff;
        this.counter = counter;
    }

    /** Takes a ring over from a predecessor, if there was one. */
    static TrackedSplitQueue resume(
            final Virtqueue ring, final MemoryRegion region, final int start, final int regionQueueSize)
            throws ProtocolException {
        final int version = region.getShort(start + VERSION) & 0xffff;
        final int descriptors = region.getShort(start + DESCRIPTORS) & 0xffff;
        if (version == 0) {
            region.putShort(start + DESCRIPTORS, (short) regionQueueSize);
            region.putShort(start + USED_INDEX, (short) ring.usedPosition());
            VarHandle.releaseFence();
            region.putShort(start + VERSION, (short) InflightRegion.PRESENT_VERSION);
        } else {
            InflightRegion.check(version, descriptors, regionQueueSize);
        }
        finishBatch(ring, region, start);
        final LeftHeads left = LeftHeads.find(
                ring.size(),
                head -> region.getByte(state(start, head) + IN_FLIGHT) != 0,
                head -> region.getLong(state(start, head) + COUNTER));
        final int[] again = left.numbers();
        if (version != 0) {
            ring.resumeAt(ring.usedPosition() + again.length);
        }
        return new TrackedSplitQueue(ring, region, start, left.nextCounter(), again);
    }

    /** What the predecessor had let the driver see, but not noted. */
    private static void finishBatch(final Virtqueue ring, final MemoryRegion region, final int start)
            throws ProtocolException {
        final int noted = region.getShort(start + USED_INDEX) & 0xffff;
        final int used = ring.usedPosition();
        final int batch = (used - noted) & 0xffff;
        if (batch > ring.size()) {
            throw new ProtocolException(
                    "an in-flight region that has seen " + noted + " used buffers, of " + used + " in the ring");
        }
        int head = region.getShort(start + LAST_HEAD) & 0xffff;
        for (int i = 0; i < batch; i++) {
            if (head >= ring.size()) {
                throw new ProtocolException("an in-flight region with head " + head + " in a queue of " + ring.size());
            }
            region.putByte(state(start, head) + IN_FLIGHT, (byte) 0);
            head = region.getShort(state(start, head) + PREVIOUS_HEAD) & 0xffff;
        }
        VarHandle.releaseFence();
        region.putShort(start + USED_INDEX, (short) used);
    }

    private static int state(final int start, final int head) {
        return start + STATES + STATE_BYTES * head;
    }

    @Override
    int peekLeft(final int id, final DescriptorChain chain) {
        return ring.peekAgain(id, chain);
    }

    @Override
    void taking(final int id) {
        final int state = state(start, id);
        region.putLong(state + COUNTER, counter++);
        VarHandle.releaseFence();
        region.putByte(state + IN_FLIGHT, (byte) 1);
        VarHandle.releaseFence();
    }

    @Override
    void givingBack(final int id) {
        region.putShort(state(start, id) + PREVIOUS_HEAD, (short) lastHead);
        VarHandle.releaseFence();
        region.putShort(start + LAST_HEAD, (short) id);
        lastHead = id;
    }

    @Override
    void publishing(final int[] ids, final int count) {}

    @Override
    void published(final int[] ids, final int count) {
        VarHandle.releaseFence();
        for (int i = count - 1; i >= 0; i--) {
            region.putByte(state(start, ids[i]) + IN_FLIGHT, (byte) 0);
        }
        VarHandle.releaseFence();
        region.putShort(start + USED_INDEX, (short) ring.usedPosition());
    }
}
