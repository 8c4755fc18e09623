package io.drivebay.virtio.queue;

/**
 * What of a virtqueue's form a driver and a device agreed on.
 *
 * @param packed a packed ring instead of a split one
 * @param indirect descriptors may stand in tables of their own
 * @param eventIndex each side may name the buffer that it wants to be told of
 * @param inOrder buffers are used in the order in which they are made available
 */
public record RingForm(boolean packed, boolean indirect, boolean eventIndex, boolean inOrder) {}
