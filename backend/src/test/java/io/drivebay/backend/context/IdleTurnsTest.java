package io.drivebay.backend.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.context.IdleTurns.Next;
import org.junit.jupiter.api.Test;

final class IdleTurnsTest {
    private static final long LIMIT_NS = 100_000;

    private final VirtualClock clock = new VirtualClock();
    private final PollPolicy policy = new PollPolicy(LIMIT_NS);
    private final IdleTurns turns = new IdleTurns(policy, clock);

    @Test
    void pollingGivesWayOnceInSixtyFourTurns() {
        for (int i = 1; i < 64; i++) {
            assertEquals(Next.LOOK_AGAIN, turns.next());
        }

        assertEquals(Next.YIELD, turns.next());
        assertEquals(Next.LOOK_AGAIN, turns.next());
    }

    @Test
    void workMakesTheCountBeginAnew() {
        for (int i = 1; i < 64; i++) {
            turns.next();
        }
        turns.end();

        assertEquals(Next.LOOK_AGAIN, turns.next());
    }

    @Test
    void theThreadSleepsOnceTheBudgetIsUsedUp() {
        turns.next();
        clock.advanceTo(clock.nanoTime() + LIMIT_NS - 1);
        assertEquals(Next.LOOK_AGAIN, turns.next());
        clock.advanceTo(clock.nanoTime() + 1);

        assertEquals(Next.SLEEP, turns.next());
    }

    @Test
    void afterASleepWithoutWorkItSleepsAgainAtOnce() {
        turns.slept();

        assertEquals(Next.SLEEP, turns.next());
    }

    @Test
    void thePolicyLearnsHowLongThereWasNoWork() {
        turns.next();
        clock.advanceTo(clock.nanoTime() + 10 * LIMIT_NS);
        turns.slept();
        turns.end();

        assertEquals(LIMIT_NS / 2, policy.budgetNs());
    }
}
