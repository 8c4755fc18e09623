package io.drivebay.sim.virtio;

/**
 * How a driver reaches a device's registers, whatever bus it sits on. One thread at a time, but for {@link #notify}.
 *
 * <p>Values are the specification's; nothing here knows what kind of device it is.
 */
public interface VirtioTransport {
    /**
     * True for the legacy interface: there is no VERSION_1 and no FEATURES_OK, and queues are as large as the device has
     * them, in one piece of pages.
     */
    default boolean legacy() {
        return false;
    }

    /** The device's type, such as 2 for a block device; 0: there is none. */
    int deviceId();

    /** The features that the device offers. */
    long deviceFeatures();

    /** Accepts features. */
    void driverFeatures(long features);

    int status();

    void status(int bits);

    /** The largest size of a queue; 0: there is no such queue. */
    int queueSizeMax(int queue);

    /** True while a queue is in use; it must not be set up then. */
    boolean queueReady(int queue);

    /**
     * Sets a queue up and puts it to use.
     *
     * @param addresses guest physical addresses of its three areas
     */
    void enableQueue(int queue, int size, QueueAddresses addresses);

    /** Resets a queue alone; {@link #queueResetting} tells when that is done. Needs RING_RESET. */
    void resetQueue(int queue);

    /** True while a queue is being reset alone. */
    boolean queueResetting(int queue);

    /** Tells the device that there are new buffers in a queue. Any thread. */
    void notify(int queue);

    /**
     * Tells the device, and how far the driver is (2.9). Needs NOTIFICATION_DATA. Any thread.
     *
     * @param next 16 bits: where the next buffer will be put
     */
    void notify(int queue, int next);

    /** Reads 1, 2 or 4 bytes of the device's configuration space, as wide as the field is. */
    int config(int offset, int widthBytes);

    /** Writes a field of the configuration space. */
    void config(int offset, int widthBytes, int value);

    /** Changes when the configuration does. */
    int configGeneration();

    /** Why the device interrupts: bit 0 for used buffers, bit 1 for a changed configuration; acknowledges them. */
    int takeInterrupt();

    /** A number that changes with every interrupt. Any thread. */
    int interruptEvents();

    /** True while the device's interrupt is asserted. Any thread. */
    boolean interruptAsserted();

    /** Sleeps until {@link #interruptEvents()} differs from what it was, at most for a time. Any thread. */
    void awaitInterrupt(int seen, long timeoutNs);

    // ---- for transports whose queues have interrupts of their own; others have one for all ----

    /** As {@link #interruptEvents()}, of a queue. */
    default int interruptEvents(final int queue) {
        return interruptEvents();
    }

    /** As {@link #interruptAsserted()}, of a queue. */
    default boolean interruptAsserted(final int queue) {
        return interruptAsserted();
    }

    /** As {@link #takeInterrupt()}, of a queue. */
    default int takeInterrupt(final int queue) {
        return takeInterrupt();
    }

    /** As {@link #awaitInterrupt(int, long)}, of a queue. */
    default void awaitInterrupt(final int queue, final int seen, final long timeoutNs) {
        awaitInterrupt(seen, timeoutNs);
    }

    /** Guest physical addresses of a queue's areas: descriptors, what the driver writes, what the device writes. */
    record QueueAddresses(long descriptors, long driverArea, long deviceArea) {}
}
