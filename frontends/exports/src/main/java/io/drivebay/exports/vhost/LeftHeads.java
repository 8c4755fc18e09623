package io.drivebay.exports.vhost;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntPredicate;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

/**
 * What a killed predecessor has left marked in an {@link InflightRegion}, in the order in which it was taken. Each mark and
 * each counter is read once, before anything is sorted: the client could change them meanwhile.
 */
final class LeftHeads {
    private final Head[] heads;

    private record Head(int number, long counter) {}

    private LeftHeads(final Head[] heads) {
        this.heads = heads;
    }

    /**
     * Finds the heads below a number.
     *
     * @param marked whether one is in flight
     * @param counter grows from one that was taken to the next
     */
    static LeftHeads find(final int below, final IntPredicate marked, final IntToLongFunction counter) {
        final Head[] heads = IntStream.range(0, below)
                .filter(marked)
                .mapToObj(head -> new Head(head, counter.applyAsLong(head)))
                .toArray(Head[]::new);
        Arrays.sort(heads, Comparator.comparingLong(Head::counter));
        return new LeftHeads(heads);
    }

    /** In the order in which they were taken, each once. */
    int[] numbers() {
        return Arrays.stream(heads).mapToInt(Head::number).toArray();
    }

    /** A counter for whatever is taken next. */
    long nextCounter() {
        return heads.length == 0 ? 0 : heads[heads.length - 1].counter + 1;
    }
}
