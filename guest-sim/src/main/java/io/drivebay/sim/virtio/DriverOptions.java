package io.drivebay.sim.virtio;

/**
 * What a block driver asks for.
 *
 * @param features the features to accept if the device offers them; VERSION_1 is always among them
 * @param queues most queues to use
 * @param slots requests in flight for each queue
 * @param slotBytes longest request in bytes, a multiple of 512
 * @param segmentBytes longest piece of data described by one descriptor; the device's SIZE_MAX may make it shorter
 */
public record DriverOptions(long features, int queues, int slots, int slotBytes, int segmentBytes) {
    public DriverOptions {
        if (queues < 1 || slots < 1 || slotBytes < 512 || slotBytes % 512 != 0 || segmentBytes < 1) {
            throw new IllegalArgumentException("queues=" + queues + ", slots=" + slots + ", slotBytes=" + slotBytes
                    + ", segmentBytes=" + segmentBytes);
        }
    }

    /** All features but a packed ring, one queue, data in one piece. */
    public static DriverOptions of(final int slots, final int slotBytes) {
        return new DriverOptions(VirtioFeature.all(), 1, slots, slotBytes, Integer.MAX_VALUE)
                .without(VirtioFeature.RING_PACKED);
    }

    /** With some features too if they are offered. */
    public DriverOptions with(final VirtioFeature... wanted) {
        return new DriverOptions(features | VirtioFeature.set(wanted), queues, slots, slotBytes, segmentBytes);
    }

    /** Up to a number of queues. */
    public DriverOptions withQueues(final int number) {
        return new DriverOptions(features, number, slots, slotBytes, segmentBytes);
    }

    /** Without some features even if they are offered. */
    public DriverOptions without(final VirtioFeature... refused) {
        return new DriverOptions(features & ~VirtioFeature.set(refused), queues, slots, slotBytes, segmentBytes);
    }

    /** Data in pieces. */
    public DriverOptions withSegments(final int bytes) {
        return new DriverOptions(features, queues, slots, slotBytes, bytes);
    }
}
