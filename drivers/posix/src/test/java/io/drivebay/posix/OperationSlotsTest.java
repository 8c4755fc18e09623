package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OperationSlotsTest {
    private final List<String> completed = new ArrayList<>();
    private final OperationSlots slots = new OperationSlots(2);
    private final IoCompletion<String> completion = (cookie, result) -> completed.add(cookie + "=" + result);

    @Test
    void callbacksRunInTheOrderOfCompletion() {
        final long first = slots.token(slots.take(completion, "first"));
        final long second = slots.token(slots.take(completion, "second"));
        slots.done(second, 2);
        slots.done(first, 1);
        assertTrue(completed.isEmpty());
        assertEquals(2, slots.runCallbacks());
        assertEquals(List.of("second=2", "first=1"), completed);
    }

    @Test
    void takenSlotsAreInFlightUntilTheirCallbackRuns() {
        final long token = slots.token(slots.take(completion, "a"));
        slots.done(token, 0);
        assertEquals(1, slots.inFlight());
        slots.runCallbacks();
        assertEquals(0, slots.inFlight());
    }

    @Test
    void moreThanTheCapacityIsRefused() {
        assertTrue(slots.take(completion, "a") >= 0);
        assertTrue(slots.take(completion, "b") >= 0);
        assertEquals(-1, slots.take(completion, "c"));
    }

    @Test
    void secondCompletionOfTheSameOperationFailsLoudly() {
        final long token = slots.token(slots.take(completion, "a"));
        slots.done(token, 0);
        assertThrows(IllegalStateException.class, () -> slots.done(token, 0));
        slots.runCallbacks();
        slots.take(completion, "b");
        slots.take(completion, "c");
        assertThrows(IllegalStateException.class, () -> slots.done(token, 0));
    }

    @Test
    void completionOfNothingFailsLoudly() {
        assertThrows(IllegalStateException.class, () -> slots.done(0, 0));
        assertThrows(IllegalStateException.class, () -> slots.done(99, 0));
    }

    @Test
    void roomIsOfferedInTheOrderOfAskingAndOnlyWhileThereIsSome() {
        final long a = slots.token(slots.take(completion, "a"));
        slots.take(completion, "b");
        slots.whenRoom(() -> completed.add("retry 1:" + slots.take(completion, "c")));
        slots.whenRoom(() -> completed.add("retry 2"));
        slots.done(a, 0);
        slots.runCallbacks();
        assertEquals(List.of("a=0", "retry 1:0"), completed);
    }

    @Test
    void closedTableHandsOutNothing() {
        slots.close();
        assertEquals(-1, slots.take(completion, "a"));
        assertFalse(slots.hasDone());
    }
}
