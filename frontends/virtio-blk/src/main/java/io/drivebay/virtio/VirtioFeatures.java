package io.drivebay.virtio;

import io.drivebay.virtio.queue.RingForm;

/** Feature bits that do not depend on the kind of device (virtio 1.2, section 6), as masks. */
public final class VirtioFeatures {
    /** Of the legacy interface only: requests may be framed in any way. */
    static final long ANY_LAYOUT = 1L << 27;

    public static final long INDIRECT_DESC = 1L << 28;
    public static final long EVENT_IDX = 1L << 29;
    public static final long VERSION_1 = 1L << 32;
    public static final long RING_PACKED = 1L << 34;
    public static final long IN_ORDER = 1L << 35;
    public static final long NOTIFICATION_DATA = 1L << 38;
    /** Notifications hold what the device says rather than the queue's number: of PCI only. */
    public static final long NOTIF_CONFIG_DATA = 1L << 39;

    public static final long RING_RESET = 1L << 40;

    private VirtioFeatures() {}

    /** The form of the virtqueues that a set of features stands for. */
    public static RingForm ringForm(final long features) {
        return new RingForm(
                (features & RING_PACKED) != 0,
                (features & INDIRECT_DESC) != 0,
                (features & EVENT_IDX) != 0,
                (features & IN_ORDER) != 0);
    }
}
