package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Programs of others that tests compare with: a missing one skips the test, or fails it when peers are required. */
final class Peers {
    private static final boolean REQUIRED = "required".equals(System.getProperty("drivebay.peers"));

    private Peers() {}

    /** Ends the test unless all programs are on the path. */
    static void require(final String... programs) {
        for (final String program : programs) {
            if (!present(program)) {
                final String message = program + " is not on the PATH";
                if (REQUIRED) {
                    fail(message + ", and drivebay.peers=required");
                }
                abort(message);
            }
        }
    }

    private static boolean present(final String program) {
        final String path = System.getenv().getOrDefault("PATH", "");
        return List.of(path.split(":", -1)).stream().anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
