package io.drivebay.sim.scenario;

/** A scenario that cannot be read, or that does not hold: the message begins with file and line. */
public final class ScenarioException extends Exception {
    private static final long serialVersionUID = 1L;

    ScenarioException(final String file, final int line, final String what) {
        super(file + ":" + line + ": " + what);
    }

    ScenarioException(final String file, final int line, final String what, final Exception cause) {
        super(file + ":" + line + ": " + what, cause);
    }
}
