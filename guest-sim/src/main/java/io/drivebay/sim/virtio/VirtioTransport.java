package io.drivebay.sim.virtio;

/**
 * How a driver reaches a device's registers, whatever bus it sits on. One thread at a time, but for {@link #notify}.
 *
 * <p>Values are the specification's; nothing here knows what kind of device it is.
 */
public interface VirtioTransport {
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

    /** Tells the device that there are new buffers in a queue. Any thread. */
    void notify(int queue);

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

    /** Guest physical addresses of a queue's areas: descriptors, what the driver writes, what the device writes. */
    record QueueAddresses(long descriptors, long driverArea, long deviceArea) {}
}
