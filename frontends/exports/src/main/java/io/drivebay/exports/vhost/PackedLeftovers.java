package io.drivebay.exports.vhost;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a killed predecessor had taken from a packed queue and not given back, by buffer id. */
final class PackedLeftovers {
    /** In place of an entry: an id that is not in use. */
    static final int NONE = -1;

    private static final int ID_SHIFT = 32;

    private final int[] headOf;
    private final long[] @Nullable [] wordsOf;
    private int[] ids = {};
    private int descriptors;

    private PackedLeftovers(final int queueSize) {
        headOf = new int[queueSize];
        wordsOf = new long[queueSize][];
        Arrays.fill(headOf, NONE);
    }

    static PackedLeftovers none(final int queueSize) {
        return new PackedLeftovers(queueSize);
    }

    /** Finds it in a region, in which nothing free is marked any more. */
    static PackedLeftovers find(final PackedBook book, final int queueSize) throws ProtocolException {
        final PackedLeftovers found = new PackedLeftovers(queueSize);
        final LeftHeads left = LeftHeads.find(book.entries(), book::marked, book::counter);
        final int[] heads = left.numbers();
        if (heads.length > queueSize) {
            throw new ProtocolException(
                    "an in-flight region with " + heads.length + " chains in a queue of " + queueSize);
        }
        found.ids = new int[heads.length];
        for (int i = 0; i < heads.length; i++) {
            found.ids[i] = found.add(heads[i], book.chain(heads[i]));
        }
        book.goOnFrom(left.nextCounter());
        if (found.descriptors > queueSize) {
            throw new ProtocolException("an in-flight region with " + found.descriptors + " descriptors in flight");
        }
        return found;
    }

    /** A chain's id is that of its last descriptor (virtio 1.2, 2.8.6). */
    private int add(final int head, final long[] words) throws ProtocolException {
        final int id = (int) (words[words.length - 1] >>> ID_SHIFT) & 0xffff;
        if (id >= headOf.length || headOf[id] != NONE) {
            throw new ProtocolException(
                    "an in-flight region with buffer id " + id + " in a queue of " + headOf.length + ", or twice");
        }
        headOf[id] = head;
        wordsOf[id] = words;
        descriptors += words.length / 2;
        return id;
    }

    /** Buffer ids in the order in which they were taken. */
    int[] ids() {
        return ids;
    }

    /** The first entry of each buffer in flight. */
    int[] headOf() {
        return headOf;
    }

    /** How many descriptors of the ring are in flight. */
    int descriptors() {
        return descriptors;
    }

    /** The descriptors of a buffer. */
    long[] words(final int id) {
        final long[] words = wordsOf[id];
        if (words == null) {
            throw new IllegalStateException("buffer " + id + " is not left over");
        }
        return words;
    }

    /** A buffer is given back. */
    void forget(final int id) {
        wordsOf[id] = null;
    }
}
