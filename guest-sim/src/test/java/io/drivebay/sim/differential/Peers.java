package io.drivebay.sim.differential;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of others that tests compare with: a missing one skips the test, or fails it when peers are required. */
final class Peers {
    private static final boolean REQUIRED = "required".equals(System.getProperty("drivebay.peers"));

    private Peers() {}

    /** Ends the test unless a program is on the path. */
    static void require(final String program) {
        final String path = System.getenv().getOrDefault("PATH", "");
        if (List.of(path.split(":", -1)).stream().noneMatch(folder -> Files.isExecutable(Path.of(folder, program)))) {
            final String message = program + " is not on the PATH";
            if (REQUIRED) {
                fail(message + ", and drivebay.peers=required");
            }
            abort(message);
        }
    }
}
