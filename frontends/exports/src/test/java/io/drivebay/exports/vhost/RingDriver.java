package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.virtio.queue.BadRingException;
import io.drivebay.virtio.queue.Virtqueue;
import java.util.List;

/**
 * A driver with a queue of a few entries and an in-flight region in one piece of memory. Each of its buffers begins at an
 * address that is the buffer's id.
 */
interface RingDriver {
    int SIZE = 8;
    int DRIVER_AREA = 4096;
    int DEVICE_AREA = 8192;
    int REGION = 12288;
    int BYTES = 16384;

    /** The device's end, as a server opens it; it takes over from a predecessor if there was one. */
    Virtqueue successor() throws BadRingException, ProtocolException;

    /** Makes buffers available. */
    void offer(int... ids);

    /** What it gets back, in order. */
    List<Integer> reap();

    /** The same driver in a copy of its memory. */
    RingDriver in(MemoryRegion copy);
}
