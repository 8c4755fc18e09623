package io.drivebay.backend.context;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZZ_Result;

/**
 * A context that falls asleep while work comes: a task and a ready source.
 *
 * <p>Results: the work was done before the sleep; the context slept; it was woken.
 */
@JCStressTest
@Outcome(id = "true, true, false", expect = Expect.ACCEPTABLE, desc = "The work came first: done, then asleep.")
@Outcome(
        id = "true, true, true",
        expect = Expect.ACCEPTABLE,
        desc = "The work was done, and a late wake-up follows it.")
@Outcome(id = "true, false, false", expect = Expect.ACCEPTABLE, desc = "Done; it stayed awake for a mark set late.")
@Outcome(id = "true, false, true", expect = Expect.ACCEPTABLE, desc = "Done; it stayed awake although being woken.")
@Outcome(
        id = "false, false, false",
        expect = Expect.ACCEPTABLE,
        desc = "It saw the work on its last look, and stays awake.")
@Outcome(
        id = "false, false, true",
        expect = Expect.ACCEPTABLE,
        desc = "It saw the work on its last look; woken besides.")
@Outcome(id = "false, true, true", expect = Expect.ACCEPTABLE, desc = "It slept without seeing the work, and is woken.")
@Outcome(id = "false, true, false", expect = Expect.FORBIDDEN, desc = "A lost wake-up: work waits while it sleeps.")
@State
public class SleepWakeStress {
    private final Port port = new Port();
    private final IoContext context = new IoContext("sleepy", () -> 0, port, 0);
    private final Queue source = new Queue();
    private boolean done;
    private boolean slept;

    /** Stays asleep, by leaving the sleep through an exception. */
    private static final class Port implements WaitPort {
        private volatile boolean woken;

        @Override
        public int poll() {
            return 0;
        }

        @Override
        public void await(final long timeoutNs) {
            throw new StillAsleep();
        }

        @Override
        public void wake() {
            woken = true;
        }

        @Override
        public boolean busy() {
            return false;
        }

        @Override
        public void close() {}
    }

    private static final class StillAsleep extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StillAsleep() {
            super("asleep", null, false, false);
        }
    }

    /** Work that other threads queue: a single place. */
    private static final class Queue extends ReadySource {
        private volatile boolean queued;

        @Override
        protected int run() {
            if (!queued) {
                return 0;
            }
            queued = false;
            return 1;
        }

        @Override
        protected boolean hasWork() {
            return queued;
        }
    }

    /** A submitter. */
    @Actor
    public void submit() {
        source.queued = true;
        context.ready(source);
    }

    /** The context: a turn, then to sleep. */
    @Actor
    public void run() {
        done = context.runOnce() > 0;
        try {
            context.sleep(0);
        } catch (final StillAsleep e) {
            slept = true;
        }
    }

    /** What came of it. */
    @Arbiter
    public void result(final ZZZ_Result result) {
        result.r1 = done;
        result.r2 = slept;
        result.r3 = port.woken;
    }
}
