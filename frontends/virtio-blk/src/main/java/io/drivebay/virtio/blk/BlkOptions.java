package io.drivebay.virtio.blk;

import io.drivebay.virtio.VirtioFeatures;
import java.nio.charset.StandardCharsets;

/**
 * How a virtio-blk device is made.
 *
 * @param id the device's id, for messages and queries
 * @param serial what GET_ID answers: up to 20 bytes of ASCII
 * @param queues how many virtqueues it has
 * @param queueSize the largest size of a queue: a power of two up to 1024
 * @param blockBytes the logical block size: a power of two from 512 to 32768; 0 for the medium's request alignment
 * @param readOnly refuses writes although the medium may be written
 * @param shareWrites lets other users of the medium write to it
 * @param processing which thread takes requests from the queues
 * @param withheldFeatures {@link BlkFeatures} and {@link io.drivebay.virtio.VirtioFeatures} that are not offered
 */
public record BlkOptions(
        String id,
        String serial,
        int queues,
        int queueSize,
        int blockBytes,
        boolean readOnly,
        boolean shareWrites,
        Processing processing,
        long withheldFeatures) {

    /** Which thread takes requests from a queue. */
    public enum Processing {
        /** The thread that notifies: a vCPU's, which saves a hand-over. */
        NOTIFIER,
        /** The backend's context, which looks by itself while it is busy, so that few notifications are needed. */
        CONTEXT
    }

    static final int SERIAL_BYTES = 20;

    private static final int MAX_QUEUES = 256;
    private static final int MAX_QUEUE_SIZE = 1024;
    private static final int MAX_BLOCK_BYTES = 32768;
    /** Features with a price: completions that wait for others, notifications that no eventfd can carry. */
    private static final long WITHHELD_UNLESS_ASKED = VirtioFeatures.IN_ORDER | VirtioFeatures.NOTIFICATION_DATA;

    public BlkOptions {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(serial) || serial.length() > SERIAL_BYTES) {
            throw new IllegalArgumentException("serial='" + serial + "' is not up to 20 characters of ASCII");
        }
        if (queues < 1 || queues > MAX_QUEUES) {
            throw new IllegalArgumentException("queues=" + queues + " is not from 1 to " + MAX_QUEUES);
        }
        if (queueSize < 2 || queueSize > MAX_QUEUE_SIZE || Integer.bitCount(queueSize) != 1) {
            throw new IllegalArgumentException(
                    "queueSize=" + queueSize + " is no power of two from 2 to " + MAX_QUEUE_SIZE);
        }
        if (blockBytes != 0
                && (blockBytes < 512 || blockBytes > MAX_BLOCK_BYTES || Integer.bitCount(blockBytes) != 1)) {
            throw new IllegalArgumentException(
                    "blockBytes=" + blockBytes + " is neither 0 nor a power of two from 512 to " + MAX_BLOCK_BYTES);
        }
    }

    /** One queue of 256, blocks of 512 bytes, writable unless the medium is not, processed by whoever notifies. */
    public static BlkOptions of(final String id) {
        return new BlkOptions(id, "", 1, 256, 512, false, false, Processing.NOTIFIER, WITHHELD_UNLESS_ASKED);
    }

    public BlkOptions withSerial(final String newSerial) {
        return new BlkOptions(
                id, newSerial, queues, queueSize, blockBytes, readOnly, shareWrites, processing, withheldFeatures);
    }

    public BlkOptions withQueues(final int count, final int size) {
        return new BlkOptions(id, serial, count, size, blockBytes, readOnly, shareWrites, processing, withheldFeatures);
    }

    public BlkOptions withBlockBytes(final int bytes) {
        return new BlkOptions(
                id, serial, queues, queueSize, bytes, readOnly, shareWrites, processing, withheldFeatures);
    }

    public BlkOptions withReadOnly(final boolean isReadOnly) {
        return new BlkOptions(
                id, serial, queues, queueSize, blockBytes, isReadOnly, shareWrites, processing, withheldFeatures);
    }

    public BlkOptions withShareWrites(final boolean shares) {
        return new BlkOptions(
                id, serial, queues, queueSize, blockBytes, readOnly, shares, processing, withheldFeatures);
    }

    public BlkOptions withProcessing(final Processing newProcessing) {
        return new BlkOptions(
                id, serial, queues, queueSize, blockBytes, readOnly, shareWrites, newProcessing, withheldFeatures);
    }

    /** Offers some features too: those that are withheld unless asked for are IN_ORDER and NOTIFICATION_DATA. */
    public BlkOptions withFeatures(final long features) {
        return withheld(withheldFeatures & ~features);
    }

    /** Withholds some features too. */
    public BlkOptions withoutFeatures(final long features) {
        return withheld(withheldFeatures | features);
    }

    private BlkOptions withheld(final long features) {
        return new BlkOptions(id, serial, queues, queueSize, blockBytes, readOnly, shareWrites, processing, features);
    }
}
