package io.drivebay.sim.workload;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ReadySource;
import io.drivebay.backend.context.Timer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A job that runs in its target's I/O context: submission, I/O and completion on one thread, as with fio. The context
 * steps it when something has completed, or when its own time has come.
 */
final class ContextJob extends ReadySource {
    private final WorkloadJob job;
    private final IoContext context;
    private final Timer timer;
    private final Consumer<@Nullable RuntimeException> onEnd;
    private boolean ended;

    private ContextJob(final WorkloadJob job, final Consumer<@Nullable RuntimeException> onEnd) {
        this.job = job;
        this.onEnd = onEnd;
        this.context = job.target().enterContext(this::awake);
        this.timer = context.timer(this::awake);
    }

    /**
     * Lets a job run to its end.
     *
     * @param onEnd is told in the context once it has ended, and of what went wrong
     * @throws IllegalArgumentException when the target has no context for it
     */
    static void start(final WorkloadJob job, final Consumer<@Nullable RuntimeException> onEnd) {
        new ContextJob(job, onEnd).awake();
    }

    private void awake() {
        context.ready(this);
    }

    @Override
    @SuppressWarnings("IllegalCatch") // as at the end of a job's thread
    protected int run() {
        if (ended) {
            return 0;
        }
        try {
            final int handled = job.step();
            if (job.done()) {
                end(null);
            } else if (handled == 0 && !timer.armed()) {
                timer.arm(context.clock().nanoTime() + job.sleepNs());
            }
            return handled;
        } catch (final RuntimeException e) {
            end(e);
            return 0;
        }
    }

    private void end(final @Nullable RuntimeException thrown) {
        ended = true;
        timer.cancel();
        onEnd.accept(thrown);
    }

    @Override
    protected boolean hasWork() {
        return false; // whatever brings work says so
    }
}
