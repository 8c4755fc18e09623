package io.drivebay.sim.scenario;

import io.drivebay.backend.graph.BlockException;
import java.util.List;

/** One run of a scenario. */
final class ScenarioRun {
    private static final String ANYTHING = "*";

    private final String file;
    private final List<Statement> statements;
    private final long seed;

    ScenarioRun(final String file, final List<Statement> statements, final long seed) {
        this.file = file;
        this.statements = statements;
        this.seed = seed;
    }

    ScenarioResult run() {
        int done = 0;
        try (Stage stage = new Stage(seed)) {
            String failure = null;
            for (final Statement statement : statements) {
                done++;
                try {
                    carryOut(stage, statement);
                } catch (final ScenarioException e) {
                    failure = e.getMessage();
                    break;
                }
            }
            return new ScenarioResult(file, done, failure, stage.machine().trace());
        }
    }

    private void carryOut(final Stage stage, final Statement statement) throws ScenarioException {
        final String outcome;
        try {
            outcome = statement.verb().action().run(stage, statement);
        } catch (final BlockException | IllegalArgumentException | IllegalStateException | ArithmeticException e) {
            throw new ScenarioException(
                    file, statement.line(), statement.text() + ": " + e.getMessage() + " (seed " + seed + ")", e);
        }
        final Verb verb = statement.verb();
        final String expected = statement.expected() == null ? verb.defaultOutcome() : statement.expected();
        if (verb.hasOutcome() && !matches(expected, outcome)) {
            throw new ScenarioException(
                    file,
                    statement.line(),
                    statement.text() + ": expected " + expected + ", got " + outcome + " (seed " + seed + ")");
        }
    }

    private static boolean matches(final String expected, final String outcome) {
        for (final String one : expected.split(" \\| ", -1)) {
            if (one.equals(ANYTHING) || one.equals(outcome)) {
                return true;
            }
        }
        return false;
    }
}
