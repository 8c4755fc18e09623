package io.drivebay.sim.simulation;

/**
 * Runs a claim for many seeds, and says which one broke it.
 *
 * <p>System property {@code drivebay.sim.seed} runs one seed only, {@code drivebay.sim.seeds} that many times the usual
 * number.
 */
public final class Seeds {
    private static final String ONE = "drivebay.sim.seed";
    private static final String FACTOR = "drivebay.sim.seeds";

    private Seeds() {}

    /** A claim about a simulation. */
    @FunctionalInterface
    public interface Claim {
        @SuppressWarnings("checkstyle:IllegalThrows") // a claim is a test's body
        void check(Simulation simulation) throws Exception;
    }

    /**
     * Checks a claim for a number of seeds.
     *
     * @throws AssertionError when it does not hold; the message begins with the seed
     */
    @SuppressWarnings("IllegalCatch") // whatever goes wrong is told with its seed
    public static void check(final int count, final Claim claim) {
        final String one = System.getProperty(ONE);
        final long first = one == null ? 1 : Long.parseLong(one);
        final long runs = one == null ? (long) count * Integer.getInteger(FACTOR, 1) : 1;
        for (long seed = first; seed < first + runs; seed++) {
            final Simulation simulation = new Simulation(seed);
            try {
                claim.check(simulation);
            } catch (final Exception | AssertionError e) {
                throw new AssertionError(
                        "seed " + seed + ", turn " + simulation.steps() + ": " + e.getMessage() + "\n(again: -D" + ONE
                                + "=" + seed + ")",
                        e);
            }
        }
    }
}
