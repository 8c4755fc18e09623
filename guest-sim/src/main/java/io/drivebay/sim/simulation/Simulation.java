package io.drivebay.sim.simulation;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.Timer;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.sim.SeededRandom;
import io.drivebay.sim.workload.Workload;
import io.drivebay.sim.workload.WorkloadJob;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Contexts and actors that take turns on one thread, on a virtual clock. Who is next, and how far the clock moves,
 * follows from the seed: the same seed makes the same run.
 *
 * <p>The clock moves a little between turns, and to the next event when nobody has anything to do.
 */
public final class Simulation {
    private static final int ROUNDS_BEFORE_STUCK = 1000;
    private static final int MAX_DRIFT_NS = 2_000;
    private static final int DRIFT_PERCENT = 10;
    private static final int MAX_INTERRUPTION_NS = 20_000;
    private static final int MAX_INTERRUPTIONS = 100_000;

    private final long seed;
    private final SeededRandom random;
    private final VirtualClock clock = new VirtualClock();
    private final List<Actor> actors = new ArrayList<>();
    private long steps;

    /** An empty simulation. */
    public Simulation(final long seed) {
        this.seed = seed;
        this.random = new SeededRandom(seed);
    }

    public long seed() {
        return seed;
    }

    public VirtualClock clock() {
        return clock;
    }

    /** A stream of random numbers of its own, so that its user does not disturb the others. */
    public SeededRandom newRandom() {
        return new SeededRandom(random.nextLong());
    }

    /** How many turns there have been. */
    public long steps() {
        return steps;
    }

    /** A stepped context on this simulation's clock. */
    public IoContext addContext(final String name) {
        final IoContext context = IoContext.stepped(name, clock);
        actors.add(new Actor() {
            @Override
            public boolean step() {
                return context.runOnce() > 0;
            }

            @Override
            public long nextEventNs() {
                return context.nextDeadlineNs();
            }
        });
        return context;
    }

    public Simulation add(final Actor actor) {
        actors.add(actor);
        return this;
    }

    /** Adds some actors. */
    public Simulation addAll(final List<? extends Actor> more) {
        actors.addAll(more);
        return this;
    }

    /** The jobs of a workload as actors. */
    public static List<Actor> actors(final Workload workload) {
        final List<Actor> made = new ArrayList<>();
        workload.jobs().forEach(job -> made.add(actor(job)));
        return made;
    }

    private static Actor actor(final WorkloadJob job) {
        return new Actor() {
            @Override
            public boolean step() {
                return !job.done() && job.step() > 0;
            }

            @Override
            public long nextEventNs() {
                return job.done() ? Long.MAX_VALUE : job.nextEventNs();
            }
        };
    }

    // ---- running ----

    /**
     * Takes turns until a goal is reached.
     *
     * @throws IllegalStateException when nothing is left that could happen, or after too many turns
     */
    public void runUntil(final BooleanSupplier goal, final long maxSteps) {
        final long limit = steps + maxSteps;
        while (!goal.getAsBoolean()) {
            if (steps >= limit) {
                throw new IllegalStateException("the goal is not reached after " + maxSteps + " turns");
            }
            if (!turn() && !everybody() && !advance() && !anybody() && !goal.getAsBoolean()) {
                throw new IllegalStateException("at " + clock.nanoTime() + " ns, turn " + steps
                        + ": the goal is not reached, and nothing is left that could happen");
            }
        }
    }

    /** One turn of somebody; false when it had nothing to do. */
    private boolean turn() {
        steps++;
        if (random.percent(DRIFT_PERCENT)) {
            clock.advance(random.below(MAX_DRIFT_NS));
        }
        return actors.get(random.below(actors.size())).step();
    }

    /** A turn of everybody, beginning anywhere; false when nobody had anything to do. */
    private boolean everybody() {
        final int first = random.below(actors.size());
        boolean any = false;
        for (int i = 0; i < actors.size(); i++) {
            steps++;
            any |= actors.get((first + i) % actors.size()).step();
        }
        return any;
    }

    /** Rounds of everybody until somebody does something: an actor may have refused only by chance. */
    private boolean anybody() {
        for (int i = 0; i < ROUNDS_BEFORE_STUCK; i++) {
            if (everybody()) {
                return true;
            }
        }
        return false;
    }

    /** Moves the clock to the next event; false when there is none. */
    private boolean advance() {
        long next = Long.MAX_VALUE;
        for (final Actor actor : actors) {
            next = Math.min(next, actor.nextEventNs());
        }
        if (next == Long.MAX_VALUE) {
            return false;
        }
        clock.advanceTo(next);
        return true;
    }

    /** What a host does that waits for a context, and may be refused. */
    @FunctionalInterface
    public interface HostAction<E extends Exception> {
        void run() throws E;
    }

    /**
     * Runs something that waits for a context, such as a change of medium, and lets others have their turns meanwhile:
     * from time to time the context is interrupted for a step of one of them.
     *
     * @param guests whose steps may come in between; not the contexts
     */
    public <E extends Exception> void whileStepping(
            final IoContext context, final List<? extends Actor> guests, final HostAction<E> action) throws E {
        final Interruption interruption = new Interruption(context, guests);
        interruption.arm();
        try {
            action.run();
        } finally {
            interruption.end();
        }
    }

    /** A timer of a context that gives somebody else a turn. */
    private final class Interruption {
        private final IoContext context;
        private final List<? extends Actor> guests;
        private final Timer timer;
        private int left = MAX_INTERRUPTIONS;

        Interruption(final IoContext context, final List<? extends Actor> guests) {
            this.context = context;
            this.guests = guests;
            this.timer = context.timer(this::interrupt);
        }

        void arm() {
            timer.arm(clock.nanoTime() + random.below(MAX_INTERRUPTION_NS));
        }

        void end() {
            context.run(timer::cancel);
        }

        private void interrupt() {
            guests.get(random.below(guests.size())).step();
            if (--left > 0) {
                arm();
            }
        }
    }
}
