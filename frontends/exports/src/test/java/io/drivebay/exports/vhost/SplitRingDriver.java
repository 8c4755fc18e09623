package io.drivebay.exports.vhost;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.VirtioFeatures;
import io.drivebay.virtio.queue.BadRingException;
import io.drivebay.virtio.queue.QueueLayout;
import io.drivebay.virtio.queue.Virtqueue;
import io.drivebay.virtio.queue.Virtqueues;
import java.util.ArrayList;
import java.util.List;

/** A split ring's driver; each buffer is one descriptor. */
final class SplitRingDriver implements RingDriver {
    static final int AVAILABLE_IDX = DRIVER_AREA + 2;
    static final int USED_IDX = DEVICE_AREA + 2;
    private static final int AVAILABLE_RING = DRIVER_AREA + 4;
    private static final int USED_RING = DEVICE_AREA + 4;

    private final MemoryRegion memory;
    private int reaped;

    SplitRingDriver(final MemoryRegion memory) {
        this.memory = memory;
    }

    @Override
    public Virtqueue successor() throws BadRingException, ProtocolException {
        final Virtqueue ring = Virtqueues.open(
                GuestMemory.of(memory),
                new QueueLayout(SIZE, 0, DRIVER_AREA, DEVICE_AREA),
                VirtioFeatures.ringForm(VirtioFeatures.VERSION_1));
        ring.resumeAt(0);
        return TrackedSplitQueue.resume(ring, memory, REGION, SIZE);
    }

    @Override
    public void offer(final int... ids) {
        int index = memory.getShort(AVAILABLE_IDX);
        for (final int id : ids) {
            memory.putLong(16 * id, id);
            memory.putInt(16 * id + 8, 1);
            memory.putShort(AVAILABLE_RING + 2 * (index & (SIZE - 1)), (short) id);
            index++;
        }
        memory.putShortRelease(AVAILABLE_IDX, (short) index);
    }

    @Override
    public List<Integer> reap() {
        final List<Integer> ids = new ArrayList<>();
        final short used = memory.getShortAcquire(USED_IDX);
        for (; (short) reaped != used; reaped++) {
            ids.add(memory.getInt(USED_RING + 8 * (reaped & (SIZE - 1))));
        }
        return ids;
    }

    @Override
    public RingDriver in(final MemoryRegion copy) {
        final SplitRingDriver other = new SplitRingDriver(copy);
        other.reaped = reaped;
        return other;
    }
}
