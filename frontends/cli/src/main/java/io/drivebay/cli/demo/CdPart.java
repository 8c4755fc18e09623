package io.drivebay.cli.demo;

import io.drivebay.perf.report.html.Check;
import io.drivebay.sim.scenario.Scenario;
import io.drivebay.sim.scenario.ScenarioException;
import io.drivebay.sim.scenario.ScenarioResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** The demo's CD drive: two scenarios of the library, on a simulated clock, the same every time. */
final class CdPart {
    private static final String WALK = "a-disc-that-is-asked-for-is-let-go-and-the-next-one-read";
    private static final String LOAD = "swaps-with-open-and-empty-trays-lose-no-read";

    private final long seed;
    private final Consumer<String> out;

    CdPart(final long seed, final Consumer<String> out) {
        this.seed = seed;
        this.out = out;
    }

    List<Check> run() throws IOException {
        final List<Check> checks = new ArrayList<>();
        out.accept(
                "A host changes the disc of a CD drive that its guest has locked (microseconds of a simulated clock):");
        final ScenarioResult walk = result(WALK);
        walk.trace().forEach(out);
        checks.add(check(
                "A guest is asked for its disc, lets it go, is told of the next one and reads it",
                walk,
                walk.statements() + " lines of scenario " + WALK));
        out.accept("A guest goes on reading a CD drive while its disc is changed, ejected and inserted 2,000 times.");
        final ScenarioResult load = result(LOAD);
        final List<String> trace = load.trace();
        checks.add(check(
                "No read of a CD was lost or served from the wrong disc",
                load,
                trace.get(trace.size() - 1).replaceFirst(".*load: ", "")));
        return checks;
    }

    private ScenarioResult result(final String name) throws IOException {
        try {
            return Scenario.ofLibrary(name).run(seed);
        } catch (final ScenarioException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Check check(final String claim, final ScenarioResult result, final String detail) {
        return new Check(claim, result.holds(), result.holds() ? detail : Objects.requireNonNull(result.failure()));
    }
}
