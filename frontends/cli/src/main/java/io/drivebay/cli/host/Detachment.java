package io.drivebay.cli.host;

import io.drivebay.posix.Posix;
import io.drivebay.posix.PosixException;
import io.drivebay.posix.Session;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code --daemonize} and {@code --fork}. A JVM cannot fork, so the same command line is run once more, detached, and the
 * first process waits until that one says that it serves.
 */
public final class Detachment {
    private static final String MARK = "DRIVEBAY_DETACHED";
    private static final String READY = "ready";
    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final File NOTHING = new File("/dev/null");

    private Detachment() {}

    /** True in the process that is to stay. */
    public static boolean isDetached() {
        return System.getenv(MARK) != null;
    }

    /**
     * Runs this process's command line in the background. Its errors come out here until it is ready.
     *
     * @return 0 once it is ready, or its exit code when it has failed
     */
    public static int launch() throws IOException, InterruptedException {
        if (!Posix.isLinux()) {
            throw new IOException("going into the background is not possible here: " + Posix.unavailableReason());
        }
        final ProcessBuilder builder = new ProcessBuilder(commandLine());
        builder.environment().put(MARK, "1");
        builder.redirectInput(NOTHING).redirectError(ProcessBuilder.Redirect.INHERIT);
        final Process process = builder.start();
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            if (READY.equals(said.readLine())) {
                return 0;
            }
        }
        return Math.max(1, process.waitFor());
    }

    private static List<String> commandLine() throws IOException {
        final String all = new String(Files.readAllBytes(COMMAND_LINE), StandardCharsets.UTF_8);
        final List<String> words = new ArrayList<>(List.of(all.split("\0", -1)));
        words.remove(words.size() - 1); // each one ends with a 0
        words.set(0, ProcessHandle.current().info().command().orElse(words.get(0)));
        return words;
    }

    /** In the process that is to stay: leaves the terminal's session. */
    public static void begin() throws PosixException {
        Session.begin();
    }

    /** In the process that is to stay: lets the first one end, and from now on says nothing any more. */
    public static void ready() throws PosixException {
        System.out.println(READY);
        System.out.flush();
        Session.silence();
    }
}
