package io.drivebay.virtio.queue;

/**
 * What a driver says about a virtqueue before it enables it.
 *
 * @param size how many descriptors the queue has
 * @param descriptors guest physical address of the descriptor area
 * @param driverArea guest physical address of what the driver writes: a split queue's available ring, a packed
 *     one's wish to be told
 * @param deviceArea guest physical address of what the device writes: a split queue's used ring, a packed one's
 *     wish to be told
 */
public record QueueLayout(int size, long descriptors, long driverArea, long deviceArea) {
    @Override
    public String toString() {
        return "queue of " + size + " at 0x" + Long.toHexString(descriptors) + ", 0x" + Long.toHexString(driverArea)
                + ", 0x" + Long.toHexString(deviceArea);
    }
}
