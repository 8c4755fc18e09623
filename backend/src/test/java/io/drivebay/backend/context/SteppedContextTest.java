package io.drivebay.backend.context;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

final class SteppedContextTest extends IoContextContract {
    @Override
    IoContext make() {
        return IoContext.stepped("stepped", new VirtualClock());
    }

    @Override
    void letTimePass(final IoContext of, final long deltaNs) {
        ((VirtualClock) of.clock()).advance(deltaNs);
    }

    @Test
    void whereNothingIsLeftToHappenWaitingEndsAtOnce() {
        final VirtualClock clock = new VirtualClock();
        final IoContext context = IoContext.stepped("stuck", clock);

        assertThrows(TimeoutException.class, () -> context.await(new CompletableFuture<>(), Long.MAX_VALUE));

        assertEquals(0, clock.nanoTime());
    }

    @Test
    void waitingMovesTheClockFromTimerToTimerButNotBeyondTheTimeout() {
        final VirtualClock clock = new VirtualClock();
        final IoContext context = IoContext.stepped("timers", clock);
        context.timer(() -> {}).arm(1_000);
        context.timer(() -> {}).arm(9_000);

        assertThrows(TimeoutException.class, () -> context.await(new CompletableFuture<>(), 5_000));

        assertEquals(5_000, clock.nanoTime());
    }

    @Test
    void aFailingTaskReachesWhoeverSteps() {
        final IoContext context = IoContext.stepped("failing", new VirtualClock());
        context.execute(() -> {
            throw new IllegalArgumentException("no");
        });

        assertThrows(IllegalArgumentException.class, context::runOnce);
    }
}
