package io.drivebay.perf.peers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs other programs and reads what they say. */
final class Tool {
    private Tool() {}

    /**
     * Runs a command to its end.
     *
     * @return its standard output
     * @throws IOException when there is no such program, or it fails; with what it said
     */
    static String run(final List<String> command) throws IOException {
        final Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        final String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            final int exitCode = process.waitFor();
            if (exitCode != 0) {
                throw new IOException("exit code " + exitCode + " of " + String.join(" ", command) + "\n" + output);
            }
            return output;
        } catch (final InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + String.join(" ", command), e);
        }
    }
}
