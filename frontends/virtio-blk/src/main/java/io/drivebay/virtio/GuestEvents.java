package io.drivebay.virtio;

/**
 * What a device has to tell its guest, and a transport knows how: an interrupt line, MSI-X, an eventfd.
 *
 * <p>Called in the device's context, at the end of a turn or while it is drained; never from within a call that a
 * transport made, so that an implementation may call the device back.
 */
public interface GuestEvents {
    /** Buffers of a queue have been used, and the driver wants to know. */
    void queueUsed(int queue);

    /** The configuration space has changed; its generation has changed before. */
    void configChanged();

    /**
     * The device cannot go on until it is reset: DEVICE_NEEDS_RESET.
     *
     * @param why what the driver did, for the log
     */
    void needsReset(String why);
}
