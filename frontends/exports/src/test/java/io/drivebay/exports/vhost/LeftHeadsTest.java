package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class LeftHeadsTest {
    @Test
    void headsComeInTheOrderOfTheirCounters() {
        final long[] counters = {7, -1, 5, -1, 6};
        final LeftHeads left = LeftHeads.find(5, head -> counters[head] >= 0, head -> counters[head]);

        assertArrayEquals(new int[] {2, 4, 0}, left.numbers());
        assertEquals(8, left.nextCounter());
    }

    @Test
    void withoutHeadsTheCounterBeginsAnew() {
        assertEquals(0, LeftHeads.find(5, head -> false, head -> 9).nextCounter());
    }

    /** A client that changes mark and counter at each look, as random as can be. */
    @RepeatedTest(20)
    void whatChangesMeanwhileIsReadOnceAndNoHeadComesTwice(final RepetitionInfo repetition) {
        final Random random = new Random(repetition.getCurrentRepetition());
        final int[] looks = new int[1024];
        final int[] counterLooks = new int[1024];

        final int[] heads = LeftHeads.find(
                        1024,
                        head -> {
                            looks[head]++;
                            return random.nextInt(4) > 0;
                        },
                        head -> {
                            counterLooks[head]++;
                            return random.nextLong();
                        })
                .numbers();

        assertEquals(heads.length, Arrays.stream(heads).distinct().count());
        assertEquals(1024, Arrays.stream(looks).sum());
        assertArrayEquals(
                IntStream.range(0, 1024).filter(head -> counterLooks[head] == 1).toArray(),
                Arrays.stream(heads).sorted().toArray());
    }
}
