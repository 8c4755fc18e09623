package io.drivebay.exports.vhost;

import io.drivebay.virtio.blk.BlkOptions;

/**
 * How a block node is served over vhost-user.
 *
 * @param id the export's id, for messages and queries
 * @param writable whether the guest may write
 * @param blockBytes the logical block size that the guest sees: a power of two from 512 to 32768
 * @param queues the most queues that a client may use, 1 to 256
 * @param queueSize the largest size of a queue, a power of two from 2 to 1024
 * @param writeThrough whether everything that is written is flushed before it is answered, until a driver wants it otherwise
 * @param serial what the guest reads as the disk's id, up to 20 bytes of ASCII
 */
public record VhostUserBlkOptions(
        String id, boolean writable, boolean writeThrough, int blockBytes, int queues, int queueSize, String serial) {
    private static final int MOST_QUEUE_SIZE = 1024;

    /** Checks the limits. */
    public VhostUserBlkOptions {
        BlkOptions.of(id).withSerial(serial).withBlockBytes(blockBytes).withQueues(queues, queueSize);
    }

    /** Read-only, blocks of 512 bytes, one queue of up to 1024. */
    public static VhostUserBlkOptions of(final String id) {
        return new VhostUserBlkOptions(id, false, false, 512, 1, MOST_QUEUE_SIZE, "");
    }

    public VhostUserBlkOptions withWritable(final boolean isWritable) {
        return new VhostUserBlkOptions(id, isWritable, writeThrough, blockBytes, queues, queueSize, serial);
    }

    public VhostUserBlkOptions withWriteThrough(final boolean isWriteThrough) {
        return new VhostUserBlkOptions(id, writable, isWriteThrough, blockBytes, queues, queueSize, serial);
    }

    public VhostUserBlkOptions withBlockBytes(final int bytes) {
        return new VhostUserBlkOptions(id, writable, writeThrough, bytes, queues, queueSize, serial);
    }

    public VhostUserBlkOptions withQueues(final int count) {
        return new VhostUserBlkOptions(id, writable, writeThrough, blockBytes, count, queueSize, serial);
    }

    public VhostUserBlkOptions withSerial(final String newSerial) {
        return new VhostUserBlkOptions(id, writable, writeThrough, blockBytes, queues, queueSize, newSerial);
    }

    /** The device behind it. */
    BlkOptions device() {
        return BlkOptions.of(id)
                .withSerial(serial)
                .withBlockBytes(blockBytes)
                .withQueues(queues, queueSize)
                .withReadOnly(!writable)
                .withShareWrites(true)
                .withProcessing(BlkOptions.Processing.CONTEXT);
    }
}
