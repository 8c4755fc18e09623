package io.drivebay.driver.protocol.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class ArrivedRangesTest {
    private static final int BYTES = 64;
    private static final int PIECES = 2000;
    private static final int MOST_AT_ONCE = 6;

    private final ArrivedRanges ranges = new ArrivedRanges();

    private boolean enters(final long start, final long end) {
        try {
            ranges.add(start, end);
            return true;
        } catch (final IOException e) {
            return false;
        }
    }

    @RepeatedTest(10)
    void aPieceIsEnteredExactlyWhenNoByteOfItHasCome(final RepetitionInfo repetition) {
        final Random random = new Random(repetition.getCurrentRepetition());
        final BitSet come = new BitSet();
        for (int i = 0; i < PIECES; i++) {
            final int start = random.nextInt(BYTES);
            final int end = Math.min(BYTES, start + 1 + random.nextInt(MOST_AT_ONCE));
            final boolean fresh = come.get(start, end).isEmpty();

            assertEquals(fresh, enters(start, end), () -> start + " to " + end + " after " + come);
            come.set(start, fresh ? end : start);
            if (come.cardinality() == BYTES) {
                come.clear();
                ranges.clear();
            }
        }
    }

    @Test
    void onlyGapsAreLimited() throws IOException {
        for (int i = 0; i < ArrivedRanges.MOST; i++) {
            ranges.add(2L * i, 2L * i + 1);
        }
        assertThrows(IOException.class, () -> ranges.add(2L * ArrivedRanges.MOST, 2L * ArrivedRanges.MOST + 1));

        ranges.add(1, 2);
        ranges.add(2L * ArrivedRanges.MOST, 2L * ArrivedRanges.MOST + 1);

        assertThrows(IOException.class, () -> ranges.add(1, 2));
    }
}
