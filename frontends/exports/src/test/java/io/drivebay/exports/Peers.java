package io.drivebay.exports;

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
import java.util.stream.Stream;

/** Runs other people's programs. */
public final class Peers {
    private Peers() {}

    /** Skips the test when a program is not installed; fails it when peers are required. */
    public static void need(final String program) {
        need(
                Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program))),
                program + " is not installed");
    }

    private static void need(final boolean found, final String complaint) {
        if (!found) {
            assertNotEquals("required", System.getProperty("drivebay.peers"), complaint);
            abort(complaint);
        }
    }

    /** A file of the Linux guests that {@code .ci/guests} unpacks: the only one below a folder whose name matches. */
    public static Path guestFile(final String folder, final String name) throws IOException {
        final Path guests = Path.of(System.getenv()
                .getOrDefault("DRIVEBAY_GUESTS", System.getProperty("user.home") + "/.cache/drivebay/guests"));
        need(Files.isDirectory(guests), "there are no Linux guests in " + guests + ": see .ci/guests");
        try (Stream<Path> files = Files.walk(guests.resolve(folder))) {
            return files.filter(file -> file.getFileName().toString().matches(name))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no " + name + " in " + guests.resolve(folder)));
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
