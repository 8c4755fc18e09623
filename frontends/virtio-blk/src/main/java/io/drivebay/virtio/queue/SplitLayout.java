package io.drivebay.virtio.queue;

/**
 * Where things are in a split virtqueue (virtio 1.2, 2.7.5 to 2.7.8). All fields are little-endian.
 *
 * <pre>
 *  descriptor (16 bytes)              available ring            used ring
 *   0 +------------------+             0 +----------------+      0 +----------------+
 *     | address          |               | flags          |        | flags          |
 *   8 +------------------+             2 +----------------+      2 +----------------+
 *     | length           |               | index          |        | index          |
 *  12 +------------------+             4 +----------------+      4 +----------------+
 *     | flags            |               | head [size]    |        | id, length     |
 *  14 +------------------+               |                |        |   [size]       |
 *     | next             |        4+2*size +--------------+ 4+8*size +--------------+
 *  16 +------------------+               | used event     |        | available event|
 *                                        +----------------+        +----------------+
 * </pre>
 */
final class SplitLayout {
    static final int DESCRIPTOR_BYTES = 16;
    static final int LENGTH_AND_FLAGS = 8;
    static final int FLAGS_SHIFT = 32;
    static final int NEXT_SHIFT = 48;
    static final int NEXT = 1;
    static final int WRITE = 2;
    static final int INDIRECT = 4;

    static final int FLAGS = 0;
    static final int INDEX = 2;
    static final int RING = 4;
    static final int HEAD_BYTES = 2;
    static final int USED_BYTES = 8;
    static final int EVENT_BYTES = 2;
    /** Of the available ring: no interrupt wanted; of the used ring: no notification wanted. */
    static final int SUPPRESS = 1;

    static final int DESCRIPTOR_ALIGNMENT = 16;
    static final int AVAILABLE_ALIGNMENT = 2;
    static final int USED_ALIGNMENT = 4;
    static final int MAX_SIZE = 32768;

    private SplitLayout() {}

    static int usedEvent(final int size) {
        return RING + HEAD_BYTES * size;
    }

    static int availableEvent(final int size) {
        return RING + USED_BYTES * size;
    }
}
