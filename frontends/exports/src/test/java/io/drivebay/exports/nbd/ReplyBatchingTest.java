package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ReplyBatchingTest {
    private static final long TURN_NS = 1_000;

    private final ReplyBatching batching = new ReplyBatching();
    private long nowNs;

    /** How many turns a number of replies waits when no more come; time moves with the turns. */
    private int turnsUntilSent(final int replies) {
        int turns = 0;
        while (batching.waits(replies, nowNs)) {
            nowNs += TURN_NS;
            turns++;
        }
        return turns;
    }

    /** Sends batches of a client of which a new reply is there every other turn; how large the last one was. */
    private int lastBatch(final int inFlight, final int batches) {
        int replies = 1;
        for (int batch = 0; batch < batches; batch++) {
            replies = 1;
            for (int turn = 1; batching.waits(replies, nowNs); turn++) {
                nowNs += TURN_NS;
                replies = Math.min(inFlight, 1 + turn / 2);
            }
        }
        return replies;
    }

    @Test
    void aReplyThatIsAloneGoesAtOnceButForTrials() {
        int waited = 0;
        for (int i = 0; i < 10 * ReplyBatching.SENDS_PER_TRIAL; i++) {
            waited += turnsUntilSent(1) > 0 ? 1 : 0;
        }

        assertTrue(waited > 0 && waited <= 10, "waited " + waited + " times");
    }

    @Test
    void aWaitInVainIsShort() {
        for (int i = 0; i < ReplyBatching.SENDS_PER_TRIAL; i++) {
            assertEquals(0, turnsUntilSent(1));
        }

        assertEquals(ReplyBatching.WAIT_NS / TURN_NS, turnsUntilSent(1));
        assertEquals(0, turnsUntilSent(1));
    }

    @Test
    void aClockThatStandsStillIsNotWaitedFor() {
        for (int i = 0; i < ReplyBatching.SENDS_PER_TRIAL; i++) {
            assertFalse(batching.waits(1, 0));
        }
        for (int i = 0; i < ReplyBatching.WAIT_TURNS; i++) {
            assertTrue(batching.waits(1, 0));
        }

        assertFalse(batching.waits(1, 0));
    }

    @Test
    void repliesOfManyRequestsGoTogether() {
        assertEquals(ReplyBatching.MOST, lastBatch(32, 10 * ReplyBatching.SENDS_PER_TRIAL));
    }

    @Test
    void noMoreAreWaitedForThanThereAre() {
        assertEquals(4, lastBatch(4, 10 * ReplyBatching.SENDS_PER_TRIAL));

        assertTrue(turnsUntilSent(4) <= ReplyBatching.WAIT_NS / TURN_NS);
        assertEquals(0, turnsUntilSent(4));
    }
}
