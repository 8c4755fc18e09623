package io.drivebay.exports.vhost;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.PassedMemory;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.PosixFile;
import io.drivebay.virtio.queue.Virtqueue;

/**
 * Memory of the client that outlives this process, in which is kept what was taken from the queues and not given back
 * (vhost-user, "Inflight I/O tracking"). One part for each queue:
 *
 * <pre>
 *  0 features (8)   8 version (2)   10 descriptors (2)   12 head used last (2)   14 used index (2)
 * 16 for each descriptor: 0 in flight (1)   6 head used before it (2)   8 counter (8)
 * </pre>
 */
final class InflightRegion implements AutoCloseable {
    static final int FEATURES = 0;
    static final int VERSION = 8;
    static final int DESCRIPTORS = 10;
    static final int LAST_HEAD = 12;
    static final int USED_INDEX = 14;
    static final int STATES = 16;
    static final int STATE_BYTES = 16;
    static final int IN_FLIGHT = 0;
    static final int PREVIOUS_HEAD = 6;
    static final int COUNTER = 8;
    static final int PRESENT_VERSION = 1;

    private static final int ALIGNMENT = 64;
    private static final int MOST_SIZE = 32768;

    private final PassedMemory memory;
    private final MemoryRegion region;
    private final int queues;
    private final int queueSize;

    private InflightRegion(final PassedMemory memory, final int queues, final int queueSize) {
        this.memory = memory;
        this.region = memory.pieces().get(0);
        this.queues = queues;
        this.queueSize = queueSize;
    }

    /** How many bytes a number of queues needs. */
    static long bytes(final int queues, final int queueSize) throws ProtocolException {
        if (queues < 1 || queues > 256 || queueSize < 1 || queueSize > MOST_SIZE) {
            throw new ProtocolException("an in-flight region for " + queues + " queues of " + queueSize);
        }
        return (long) queues * queueBytes(queueSize);
    }

    private static int queueBytes(final int queueSize) {
        return (STATES + STATE_BYTES * queueSize + ALIGNMENT - 1) & -ALIGNMENT;
    }

    /**
     * Maps what a client has passed.
     *
     * @param file taken over
     */
    static InflightRegion map(final PosixFile file, final Message message) throws ProtocolException, PosixException {
        final int queues = message.shortAt(16);
        final int queueSize = message.shortAt(18);
        final long offset = message.longAt(8);
        try {
            if (message.longAt(0) < bytes(queues, queueSize) || offset % Long.BYTES != 0) {
                throw new ProtocolException("an in-flight region of " + message.longAt(0) + " bytes at " + offset
                        + " for " + queues + " queues of " + queueSize);
            }
        } catch (final ProtocolException e) {
            file.close();
            throw e;
        }
        final PassedMemory memory = ClientMemory.map(file, offset, bytes(queues, queueSize));
        if (memory.pieces().size() > 1) {
            memory.close();
            throw new ProtocolException("an in-flight region of " + message.longAt(0) + " bytes");
        }
        return new InflightRegion(memory, queues, queueSize);
    }

    /** A ring that is kept book of from now on; first it takes what was left in flight. */
    Virtqueue track(final Virtqueue ring, final int queue) throws ProtocolException {
        if (queue >= queues || ring.size() > queueSize) {
            throw new ProtocolException("queue " + queue + " of " + ring.size() + " is not in the in-flight region for "
                    + queues + " queues of " + queueSize);
        }
        return TrackedQueue.resume(ring, region, queue * queueBytes(queueSize), queueSize);
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
