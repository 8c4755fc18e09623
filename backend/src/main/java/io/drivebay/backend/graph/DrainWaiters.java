package io.drivebay.backend.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** The drains of a context that wait until nothing is in flight. The context's thread only. */
public final class DrainWaiters {
    private record Waiter(BooleanSupplier quiet, Runnable action) {}

    private final List<Waiter> waiting = new ArrayList<>();

    /** Runs an action as soon as a condition holds, which may be now. */
    public void whenQuiet(final BooleanSupplier quiet, final Runnable action) {
        if (quiet.getAsBoolean()) {
            action.run();
        } else {
            waiting.add(new Waiter(quiet, action));
        }
    }

    /** Gives up waiting for an action to become due. */
    public void forget(final Runnable action) {
        waiting.removeIf(waiter -> waiter.action == action);
    }

    /** Looks again at every condition; called whenever something that is being drained has become idle. */
    public void check() {
        if (waiting.isEmpty()) {
            return;
        }
        for (final Waiter waiter : List.copyOf(waiting)) {
            if (waiter.quiet.getAsBoolean() && waiting.remove(waiter)) {
                waiter.action.run();
            }
        }
    }
}
