package io.drivebay.driver.protocol.nbd;

import java.io.IOException;
import java.util.Arrays;

/**
 * Which bytes of a read have come: ranges in their order, none touching another. A server may send the pieces of a read in
 * any order, but no byte of it twice (NBD protocol, "Structured reply chunk types"). Allocates nothing while they come in
 * order.
 */
final class ArrivedRanges {
    /** How many ranges apart from each other may have come; a bound for what a server can make the client remember. */
    static final int MOST = 1024;

    private long[] starts = new long[2];
    private long[] ends = new long[2];
    private int count;

    void clear() {
        count = 0;
    }

    /**
     * Enters a piece of at least one byte.
     *
     * @throws IOException when a byte of it has come before, or when there are too many gaps
     */
    void add(final long start, final long end) throws IOException {
        int at = count;
        while (at > 0 && starts[at - 1] >= start) {
            at--;
        }
        if ((at > 0 && ends[at - 1] > start) || (at < count && starts[at] < end)) {
            throw new IOException(
                    "the server sent bytes from " + start + " to " + end + " of a read, some of them twice");
        }
        final boolean goesOn = at > 0 && ends[at - 1] == start;
        final boolean leadsOn = at < count && starts[at] == end;
        if (goesOn && leadsOn) {
            ends[at - 1] = ends[at];
            move(at + 1, at);
        } else if (goesOn) {
            ends[at - 1] = end;
        } else if (leadsOn) {
            starts[at] = start;
        } else {
            insert(at, start, end);
        }
    }

    private void insert(final int at, final long start, final long end) throws IOException {
        if (count == MOST) {
            throw new IOException("the server sent a read in more than " + MOST + " pieces apart from each other");
        }
        if (count == starts.length) {
            starts = Arrays.copyOf(starts, 2 * count);
            ends = Arrays.copyOf(ends, 2 * count);
        }
        move(at, at + 1);
        starts[at] = start;
        ends[at] = end;
    }

    /** Moves the ranges from a place on to another place. */
    private void move(final int from, final int to) {
        System.arraycopy(starts, from, starts, to, count - from);
        System.arraycopy(ends, from, ends, to, count - from);
        count += to - from;
    }
}
