package io.drivebay.driver;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Other programs. A missing one skips the test, or fails it when {@code drivebay.peers} is {@code required}. */
public final class Tools {
    private static final long TIMEOUT_S = 30;

    private Tools() {}

    /** What a program printed, errors too, and how it ended. */
    public record Result(int exitCode, String output) {}

    /** Runs a program to its end. */
    public static Result run(final String... command) throws IOException, InterruptedException {
        final Process process = start(command);
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assertions.assertTrue(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS), command[0] + " does not end");
        return new Result(process.exitValue(), output);
    }

    public static Process start(final String... command) {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (final IOException e) {
            if ("required".equals(System.getProperty("drivebay.peers"))) {
                throw new AssertionError(command[0] + " is required but missing", e);
            }
            Assumptions.abort(command[0] + " is missing: " + e.getMessage());
            throw new AssertionError(e);
        }
    }
}
