package io.drivebay.backend.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TimerQueueTest {
    private final TimerQueue queue = new TimerQueue();

    @Test
    void anEmptyQueueHasNoDeadline() {
        assertEquals(Long.MAX_VALUE, queue.nextDeadlineNs());
        assertEquals(0, queue.fireDue(Long.MAX_VALUE - 1));
    }

    @Test
    void aTimerThatArmsItselfAnewForNowFiresOncePerCall() {
        final Timer[] self = new Timer[1];
        self[0] = new Timer(queue, () -> self[0].arm(5));
        self[0].arm(5);

        assertEquals(1, queue.fireDue(5));
        assertEquals(5, queue.nextDeadlineNs());
    }

    @Test
    void cancelingATimerThatIsNotArmedDoesNothing() {
        final Timer timer = new Timer(queue, () -> {});

        timer.cancel();

        assertFalse(timer.armed());
    }

    private record Armed(long deadlineNs, int order, int id) {}

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomArmingAndCancelingFiresLikeASortedList(final long seed) {
        final Random random = new Random(seed);
        final List<Integer> fired = new ArrayList<>();
        final List<Timer> timers = new ArrayList<>();
        final List<Armed> model = new ArrayList<>();
        for (int id = 0; id < 50; id++) {
            final int number = id;
            timers.add(new Timer(queue, () -> fired.add(number)));
        }
        for (int step = 0; step < 500; step++) {
            final int id = random.nextInt(timers.size());
            model.removeIf(armed -> armed.id() == id);
            if (random.nextInt(4) == 0) {
                timers.get(id).cancel();
            } else {
                final long deadlineNs = random.nextInt(40);
                timers.get(id).arm(deadlineNs);
                model.add(new Armed(deadlineNs, step, id));
            }
        }

        queue.fireDue(20);

        final List<Integer> expected = model.stream()
                .filter(armed -> armed.deadlineNs() <= 20)
                .sorted(Comparator.comparingLong(Armed::deadlineNs).thenComparingInt(Armed::order))
                .map(Armed::id)
                .toList();
        assertEquals(expected, fired);
    }
}
