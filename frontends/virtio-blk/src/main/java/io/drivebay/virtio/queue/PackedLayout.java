package io.drivebay.virtio.queue;

/**
 * Where things are in a packed virtqueue (virtio 1.2, 2.8.13 and 2.8.14), and how places in its ring are counted. All
 * fields are little-endian.
 *
 * <pre>
 *  descriptor (16 bytes)           event suppression (4 bytes)
 *   0 +------------------+          0 +----------------------------------+
 *     | address          |            | offset (15 bits), wrap counter   |
 *   8 +------------------+          2 +----------------------------------+
 *     | length           |            | flags (2 bits)                   |
 *  12 +------------------+            +----------------------------------+
 *     | buffer id        |
 *  14 +------------------+          the driver area says which used buffers the driver wants to hear of,
 *     | flags            |          the device area which available ones the device does
 *  16 +------------------+
 * </pre>
 *
 * <p>A place is a number from 0 to twice the size, exclusively: the first round of two has the wrap counter 1, the
 * second has 0.
 */
final class PackedLayout {
    static final int DESCRIPTOR_BYTES = 16;
    static final int LENGTH_ID_AND_FLAGS = 8;
    static final int ID_AND_FLAGS = 12;
    static final int FLAGS = 14;
    static final int ID_SHIFT = 32;
    static final int FLAGS_SHIFT = 48;
    static final int NEXT = 1;
    static final int WRITE = 2;
    static final int INDIRECT = 4;
    static final int AVAILABLE = 1 << 7;
    static final int USED = 1 << 15;

    static final int EVENT_BYTES = 4;
    static final int EVENT_FLAGS_SHIFT = 16;
    static final int EVENT_FLAGS_MASK = 3;
    static final int ENABLE = 0;
    static final int DISABLE = 1;
    static final int AT_DESCRIPTOR = 2;
    static final int EVENT_WRAP = 1 << 15;

    static final int DESCRIPTOR_ALIGNMENT = 16;
    static final int EVENT_ALIGNMENT = 4;
    static final int MAX_SIZE = 32768;

    private PackedLayout() {}

    /** The descriptor at a place. */
    static int index(final int place, final int size) {
        return place < size ? place : place - size;
    }

    /** The wrap counter at a place. */
    static boolean wrap(final int place, final int size) {
        return place < size;
    }

    /** The place so many descriptors, at most the ring's size, after another. */
    static int after(final int place, final int descriptors, final int size) {
        final int next = place + descriptors;
        return next < 2 * size ? next : next - 2 * size;
    }

    /** A place as a descriptor's number with the wrap counter above it. */
    static int positionOf(final int place, final int size) {
        return index(place, size) | (wrap(place, size) ? EVENT_WRAP : 0);
    }

    /** The place of a descriptor's number with a wrap counter; of what lies beyond the ring, some place. */
    static int placeAt(final int position, final int size) {
        return (position & (EVENT_WRAP - 1)) % size + ((position & EVENT_WRAP) != 0 ? 0 : size);
    }

    /** The flags that say that a descriptor was made available in the round of a place, of those that say so. */
    static int available(final int place, final int size) {
        return wrap(place, size) ? AVAILABLE : USED;
    }

    /** The flags that say that a descriptor was used in the round of a place. */
    static int used(final int place, final int size) {
        return wrap(place, size) ? AVAILABLE | USED : 0;
    }

    /** An event suppression structure that asks for the event of the descriptor at a place. */
    static int eventAt(final int place, final int size) {
        return AT_DESCRIPTOR << EVENT_FLAGS_SHIFT | index(place, size) | (wrap(place, size) ? EVENT_WRAP : 0);
    }

    /**
     * True when an event suppression structure wants to be told of the descriptors before a place.
     *
     * @param event the structure
     * @param eventIndex whether event indexes were negotiated
     * @param moved how many descriptors before the place are new
     */
    static boolean wants(final int event, final boolean eventIndex, final int place, final int moved, final int size) {
        final int flags = event >>> EVENT_FLAGS_SHIFT & EVENT_FLAGS_MASK;
        if (flags != AT_DESCRIPTOR || !eventIndex) {
            return flags != DISABLE;
        }
        final boolean sameRound = ((event & EVENT_WRAP) != 0) == wrap(place, size);
        final int ahead = index(place, size) - (event & EVENT_WRAP - 1) + (sameRound ? 0 : size);
        return ahead > 0 && ahead <= moved;
    }
}
