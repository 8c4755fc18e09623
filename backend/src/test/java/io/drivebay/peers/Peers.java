package io.drivebay.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Other people's programs, which tests compare with: a missing one skips the test, or fails it when the system property
 * {@code drivebay.peers} is {@code required}.
 */
public final class Peers {
    private Peers() {}

    /** Ends the test unless a program is installed. */
    public static void need(final String program) {
        final boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!found) {
            assertNotEquals("required", System.getProperty("drivebay.peers"), program + " is not installed");
            abort(program + " is not installed");
        }
    }

    /** Runs a program that has to succeed; what it printed. */
    public static String run(final String... command) throws IOException, InterruptedException {
        final Process process = start(command);
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> List.of(command) + ": " + output);
        return output;
    }

    /** Starts a program, with errors among its output. */
    public static Process start(final String... command) throws IOException {
        need(command[0]);
        return new ProcessBuilder(command).redirectErrorStream(true).start();
    }
}
