package io.drivebay.virtio;

import io.drivebay.virtio.queue.QueueLayout;

/**
 * A virtio device as its transport sees it. How a driver reaches the device (registers, capabilities, messages) is the
 * transport's business; what it then does is the device's.
 *
 * <p>Control methods are called by one thread at a time: a vCPU's, or whichever serves the transport. {@link
 * #notifyQueue}, {@link #readConfig} and {@link #configGeneration} may be called by any.
 */
public interface VirtioDevice {
    /** The virtio device id (virtio 1.2, section 5): 2 for a block device. */
    int deviceType();

    /** How many queues there are. */
    int queueCount();

    /** The largest size that a queue may be given. */
    int maxQueueSize();

    /** Whom the device tells; set once, before the driver is let near it. */
    void connect(GuestEvents events);

    // ---- features ----

    long offeredFeatures();

    /** What of the offer drivers older than virtio 1.0 may see. */
    long legacyFeatures();

    /**
     * The driver has made its choice. Whether it needs VERSION_1 in it is the transport's business.
     *
     * @return false when the device cannot work with it: a bit that was not offered, a necessary one missing
     */
    boolean negotiate(long features);

    // ---- life ----

    /** The driver is ready (DRIVER_OK): queues are looked at from now on. */
    void start();

    /**
     * Ends everything: requests in flight are waited for and forgotten, features and queues too.
     *
     * <p>Returns when that is done, or after a bounded wait when the disk does not answer, and at once when called in the
     * device's own context; it is complete when the action has run.
     *
     * @param whenDone runs exactly once, in this call or later in the device's context; after it no request of the past
     *     touches guest memory, and no event is raised for one
     */
    void reset(Runnable whenDone);

    // ---- queues ----

    /** Takes a queue into use, empty. Features must have been negotiated. Bad layouts leave the device in need of reset. */
    void enableQueue(int queue, QueueLayout layout);

    /** Takes a queue out of use, as {@link #reset} does with all; {@link #queueEnabled} tells when it is out. */
    void disableQueue(int queue);

    /** True from {@link #enableQueue} until the queue is out of use again. */
    boolean queueEnabled(int queue);

    /** The driver has made chains available. Spurious calls, and those for queues that are not enabled, are harmless. */
    void notifyQueue(int queue);

    // ---- configuration space ----

    /** Reads a field, little-endian, zero-extended; 0 beyond the end. Widths are 1, 2, 4 and 8 bytes. */
    long readConfig(int offset, int widthBytes);

    /** Writes a field; what the driver may not write is ignored. */
    void writeConfig(int offset, int widthBytes, long value);

    /** Changes whenever a field that may have been read has changed. */
    int configGeneration();
}
