package io.drivebay.sim.scenario;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run came to.
 *
 * @param file the scenario
 * @param statements how many lines were carried out
 * @param failure why it does not hold, beginning with file and line; null when it holds
 * @param trace all that host and guest did, with times in microseconds
 */
public record ScenarioResult(
        String file, int statements, @Nullable String failure, List<String> trace) {
    public boolean holds() {
        return failure == null;
    }
}
