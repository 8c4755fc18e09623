package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.PassedMemory;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import io.drivebay.virtio.queue.PackedVirtqueue;
import io.drivebay.virtio.queue.Virtqueue;

/**
 * Memory of the client that outlives this process, in which is kept what was taken from the queues and not given back
 * (vhost-user, "Inflight I/O tracking"). One part for each queue, as {@link TrackedSplitQueue} or {@link PackedBook} says.
 */
final class InflightRegion implements AutoCloseable {
    static final int PRESENT_VERSION = 1;

    private static final int ALIGNMENT = 64;
    private static final int MOST_SIZE = 32768;

    private final PassedMemory memory;
    private final MemoryRegion region;
    private final int queues;
    private final int queueSize;
    private final boolean packed;

    private InflightRegion(final PassedMemory memory, final int queues, final int queueSize, final boolean packed) {
        this.memory = memory;
        this.region = memory.pieces().get(0);
        this.queues = queues;
        this.queueSize = queueSize;
        this.packed = packed;
    }

    /** How many bytes a number of queues needs. */
    static long bytes(final int queues, final int queueSize, final boolean packed) throws ProtocolException {
        if (queues < 1 || queues > 256 || queueSize < 1 || queueSize > MOST_SIZE) {
            throw new ProtocolException("an in-flight region for " + queues + " queues of " + queueSize);
        }
        return (long) queues * queueBytes(queueSize, packed);
    }

    private static int queueBytes(final int queueSize, final boolean packed) {
        final int bytes = packed
                ? PackedBook.STATES + PackedBook.STATE_BYTES * queueSize
                : TrackedSplitQueue.STATES + TrackedSplitQueue.STATE_BYTES * queueSize;
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /** Refuses a region that was not made out by a server like this one, for queues like these. */
    static void check(final int version, final int descriptors, final int queueSize) throws ProtocolException {
        if (version != PRESENT_VERSION || (descriptors != 0 && descriptors != queueSize)) {
            throw new ProtocolException(
                    "an in-flight region of version " + version + " for " + descriptors + " descriptors");
        }
    }

    /**
     * Maps what a client has passed.
     *
     * @param file taken over
     * @param packed whether the queues are packed ones
     */
    static InflightRegion map(final PosixFile file, final Message message, final boolean packed)
            throws ProtocolException, PosixException {
        final int queues = message.shortAt(16);
        final int queueSize = message.shortAt(18);
        final long offset = message.longAt(8);
        try {
            if (message.longAt(0) < bytes(queues, queueSize, packed) || offset % Long.BYTES != 0) {
                throw new ProtocolException("an in-flight region of " + message.longAt(0) + " bytes at " + offset
                        + " for " + queues + " queues of " + queueSize);
            }
        } catch (final ProtocolException e) {
            file.close();
            throw e;
        }
        final PassedMemory memory = ClientMemory.map(file, offset, bytes(queues, queueSize, packed));
        if (memory.pieces().size() > 1) {
            memory.close();
            throw new ProtocolException("an in-flight region of " + message.longAt(0) + " bytes");
        }
        return new InflightRegion(memory, queues, queueSize, packed);
    }

    /** A ring that is kept book of from now on; first it takes what was left in flight. */
    Virtqueue track(final Virtqueue ring, final int queue) throws ProtocolException {
        if (queue >= queues || ring.size() > queueSize) {
            throw new ProtocolException("queue " + queue + " of " + ring.size() + " is not in the in-flight region for "
                    + queues + " queues of " + queueSize);
        }
        final int start = queue * queueBytes(queueSize, packed);
        final PackedVirtqueue packedRing = ring instanceof PackedVirtqueue found ? found : null;
        if (packed != (packedRing != null)) {
            throw new ProtocolException("an in-flight region from before the driver's choice of rings");
        }
        return packedRing == null
                ? TrackedSplitQueue.resume(ring, region, start, queueSize)
                : TrackedPackedQueue.resume(packedRing, region, start, queueSize);
    }

    /** False when its file has become shorter. */
    boolean whole() throws PosixException {
        return memory.whole();
    }

    @Override
    public void close() {
        memory.close();
    }
}
