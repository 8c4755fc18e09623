package io.drivebay.driver;

import io.drivebay.peers.Peers;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assertions;

/** Runs other programs that may fail. */
public final class Tools {
    private static final long TIMEOUT_S = 30;

    private Tools() {}

    /** What a program printed, errors too, and how it ended. */
    public record Result(int exitCode, String output) {}

    /** Runs a program to its end. */
    public static Result run(final String... command) throws IOException, InterruptedException {
        final Process process = Peers.start(command);
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assertions.assertTrue(process.waitFor(TIMEOUT_S, TimeUnit.SECONDS), command[0] + " does not end");
        return new Result(process.exitValue(), output);
    }
}
