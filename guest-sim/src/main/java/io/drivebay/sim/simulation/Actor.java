package io.drivebay.sim.simulation;

/** Something in a simulation that does one thing at a time: a guest's program, somebody at the monitor. */
@FunctionalInterface
public interface Actor {
    /** One step; never blocks. False when there was nothing to do. */
    boolean step();

    /** When there will be something to do even if nothing else happens; {@link Long#MAX_VALUE}: never. */
    default long nextEventNs() {
        return Long.MAX_VALUE;
    }
}
