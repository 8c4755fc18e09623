package io.drivebay.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The command in a process of its own. */
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
}
