package io.drivebay.monitor.peers;

import com.fasterxml.jackson.databind.JsonNode;
import io.drivebay.monitor.kit.TestClient;
import io.drivebay.peers.Peers;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A QEMU program with a monitor on its standard streams. */
final class QemuProcess implements AutoCloseable {
    private final Process process;
    private final BufferedReader lines;

    private QemuProcess(final Process process) {
        this.process = process;
        this.lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts a program. */
    static QemuProcess start(final String... command) throws IOException {
        Peers.need(command[0]);
        final QemuProcess started = new QemuProcess(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
        started.next();
        started.ask("{\"execute\": \"qmp_capabilities\"}");
        return started;
    }

    private JsonNode next() throws IOException {
        final String line = lines.readLine();
        if (line == null) {
            throw new IOException(process.info().command() + " has ended");
        }
        return TestClient.json(line);
    }

    /** All lines from a command up to its reply. */
    List<JsonNode> ask(final String message) {
        try {
            process.getOutputStream().write((message + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
            final List<JsonNode> answers = new ArrayList<>();
            JsonNode line = next();
            while (line.has("event")) {
                answers.add(line);
                line = next();
            }
            answers.add(line);
            return answers;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
