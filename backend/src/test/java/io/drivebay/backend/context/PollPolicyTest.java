package io.drivebay.backend.context;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class PollPolicyTest {
    private final PollPolicy policy = new PollPolicy(100_000);

    @Test
    void itBeginsAtTheLimit() {
        assertEquals(100_000, policy.budgetNs());
    }

    @Test
    void longSleepsHalveTheBudgetUntilThereIsNone() {
        policy.slept(1_000_000);
        assertEquals(50_000, policy.budgetNs());
        for (int i = 0; i < 5; i++) {
            policy.slept(1_000_000);
        }

        assertEquals(0, policy.budgetNs());
    }

    @Test
    void sleepsThatPollingWouldHaveBridgedBringItBackUpToTheLimit() {
        for (int i = 0; i < 6; i++) {
            policy.slept(1_000_000);
        }
        policy.slept(50_000);
        assertEquals(4_000, policy.budgetNs());
        for (int i = 0; i < 10; i++) {
            policy.slept(50_000);
        }

        assertEquals(100_000, policy.budgetNs());
    }

    @Test
    void aLimitOfZeroNeverPolls() {
        final PollPolicy never = new PollPolicy(0);
        never.slept(0);

        assertEquals(0, never.budgetNs());
    }
}
