package io.drivebay.virtio.queue;

/**
 * A few ints that one thread writes all the time, with room around them: what other threads read or write lies in other
 * cache lines, wherever the collector puts this.
 */
final class OwnInts {
    private static final int ROOM = 128 / Integer.BYTES;

    private final int[] values;

    OwnInts(final int count) {
        values = new int[ROOM + count + ROOM];
    }

    int get(final int index) {
        return values[ROOM + index];
    }

    void set(final int index, final int value) {
        values[ROOM + index] = value;
    }
}
