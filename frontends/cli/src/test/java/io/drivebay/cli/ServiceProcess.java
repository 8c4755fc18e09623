package io.drivebay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command in a process of its own, and other programs beside it. */
public final class ServiceProcess {
    private ServiceProcess() {}

    /** What runs the command, of this build and without a warning from the JVM; a list to add to. */
    public static List<String> command(final String... arguments) {
        final List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1"));
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "io.drivebay.cli.Main"));
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    /** Starts the command. */
    public static Process start(final String... arguments) throws IOException {
        return new ProcessBuilder(command(arguments)).redirectErrorStream(true).start();
    }

    /** Words after words. */
    public static String[] words(final List<String> first, final String... more) {
        final List<String> all = new ArrayList<>(first);
        all.addAll(Arrays.asList(more));
        return all.toArray(new String[0]);
    }

    /** All that a process says until it ends, or closes its output. */
    public static String output(final Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Runs another program, which has to be there and to succeed. */
    public static String peer(final String... command) throws IOException, InterruptedException {
        final boolean found = Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(path -> Files.isExecutable(Path.of(path, command[0])));
        if (!found) {
            assertNotEquals("required", System.getProperty("drivebay.peers"), command[0] + " is not installed");
            abort(command[0] + " is not installed");
        }
        final Process process =
                new ProcessBuilder(command).redirectErrorStream(true).start();
        final String output = output(process);
        assertEquals(0, process.waitFor(), output);
        return output;
    }
}
