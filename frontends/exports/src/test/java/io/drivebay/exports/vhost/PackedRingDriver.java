package io.drivebay.exports.vhost;

import io.drivebay.backend.guest.GuestMemory;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.VirtioFeatures;
import io.drivebay.virtio.queue.BadRingException;
import io.drivebay.virtio.queue.PackedVirtqueue;
import io.drivebay.virtio.queue.QueueLayout;
import io.drivebay.virtio.queue.Virtqueue;
import io.drivebay.virtio.queue.Virtqueues;
import java.util.ArrayList;
import java.util.List;

/** A packed ring's driver; a buffer is a chain of as many descriptors as it is told. */
final class PackedRingDriver implements RingDriver {
    private static final int BEGINNING = 0x8000_8000;
    private static final int AVAIL = 1 << 7;
    private static final int USED = 1 << 15;
    private static final int NEXT = 1;

    private final MemoryRegion memory;
    private final int[] chainOf = new int[SIZE];
    private int offered;
    private int reaped;

    PackedRingDriver(final MemoryRegion memory) {
        this.memory = memory;
    }

    @Override
    public Virtqueue successor() throws BadRingException, ProtocolException {
        final Virtqueue ring = Virtqueues.open(
                GuestMemory.of(memory),
                new QueueLayout(SIZE, 0, DRIVER_AREA, DEVICE_AREA),
                VirtioFeatures.ringForm(VirtioFeatures.VERSION_1 | VirtioFeatures.RING_PACKED));
        ring.resumeAt(BEGINNING);
        return TrackedPackedQueue.resume((PackedVirtqueue) ring, memory, REGION, SIZE);
    }

    private static boolean wrap(final int place) {
        return place / SIZE % 2 == 0;
    }

    private static int at(final int place) {
        return 16 * (place % SIZE);
    }

    @Override
    public void offer(final int... ids) {
        for (final int id : ids) {
            offerChain(id, id);
        }
    }

    /** Makes a chain available: a descriptor for each address, all with its id, the first of which is seen last. */
    void offerChain(final int id, final long... addresses) {
        for (int i = addresses.length - 1; i >= 0; i--) {
            final int place = offered + i;
            final int next = i < addresses.length - 1 ? NEXT : 0;
            memory.putLong(at(place), addresses[i]);
            memory.putInt(at(place) + 8, 1);
            memory.putShort(at(place) + 12, (short) id);
            memory.putShortRelease(at(place) + 14, (short) (next | (wrap(place) ? AVAIL : USED)));
        }
        chainOf[id] = addresses.length;
        offered += addresses.length;
    }

    @Override
    public List<Integer> reap() {
        final List<Integer> ids = new ArrayList<>();
        while ((memory.getShortAcquire(at(reaped) + 14) & (AVAIL | USED)) == (wrap(reaped) ? AVAIL | USED : 0)) {
            final int id = memory.getShort(at(reaped) + 12);
            ids.add(id);
            reaped += chainOf[id];
        }
        return ids;
    }

    @Override
    public RingDriver in(final MemoryRegion copy) {
        final PackedRingDriver other = new PackedRingDriver(copy);
        System.arraycopy(chainOf, 0, other.chainOf, 0, SIZE);
        other.offered = offered;
        other.reaped = reaped;
        return other;
    }
}
