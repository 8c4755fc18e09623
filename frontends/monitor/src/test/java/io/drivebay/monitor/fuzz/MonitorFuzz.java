package io.drivebay.monitor.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import io.drivebay.backend.BlockBackend;
import io.drivebay.monitor.kit.TestClient;
import io.drivebay.monitor.kit.TestMonitor;
import io.drivebay.monitor.kit.TrayDevice;
import io.drivebay.monitor.protocol.Output;
import io.drivebay.monitor.protocol.Session;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Fuzz target: a client of a machine's monitor with a disk, a CD drive and drivers that touch nothing outside. The first
 * byte says in how large pieces the rest comes, and whether the client has negotiated. Every line that the client gets
 * must be one object in ASCII of a kind that QMP has, no command may fail in a way that nobody thought of, and in the end
 * the monitor must still answer.
 */
public final class MonitorFuzz {
    private static final Set<String> DRIVERS = Set.of("null-co", "raw", "throttle", "blkdebug");
    private static final int MAX_BYTES = 64 << 10;
    private static final int NEGOTIATED = 0x80;
    private static final byte[] BEGIN_ANEW = {(byte) 0xff, '\n'};

    private MonitorFuzz() {}

    /** The client: looks at each line. */
    private static final class Critic implements Output {
        private long answers;

        @Override
        public void reply(final byte[] line) {
            final JsonNode message = message(line);
            if (message.has("QMP")) {
                return;
            }
            if (message.has("return") == message.has("error")) {
                throw new AssertionError("neither reply nor error: " + message);
            }
            if (message.at("/error/desc").asText().matches("(?s)The command .* failed: .*Exception.*")) {
                throw new AssertionError(message.toString());
            }
            answers += message.path("id").asText().equals("still there") ? 1 : 0;
        }

        @Override
        public void event(final byte[] line, final boolean expendable) {
            if (!message(line).has("event")) {
                throw new AssertionError("no event: " + new String(line, StandardCharsets.UTF_8));
            }
        }

        private static JsonNode message(final byte[] line) {
            final String text = new String(line, StandardCharsets.UTF_8);
            if (!text.matches("[ -\\x7f]+\r\n")) {
                throw new AssertionError("not one line of ASCII: " + text);
            }
            return TestClient.json(text);
        }
    }

    /** Runs one client. */
    public static void fuzzerTestOneInput(final byte[] input) {
        try (TestMonitor monitor = new TestMonitor(DRIVERS::contains)) {
            plugIn(monitor);
            final Critic critic = new Critic();
            final Session session = monitor.monitor.connect(critic);
            final int first = input.length == 0 ? 0 : input[0] & 0xff;
            if ((first & NEGOTIATED) != 0) {
                send(session, "{'execute': 'qmp_capabilities'}");
            }
            final int piece = 1 + (first & ~NEGOTIATED) * (first & ~NEGOTIATED);
            final int end = Math.min(input.length, MAX_BYTES);
            for (int at = 1; at < end; at += piece) {
                session.receive(input, at, Math.min(end, at + piece));
            }
            session.receive(BEGIN_ANEW, 0, BEGIN_ANEW.length);
            final long before = critic.answers;
            send(session, "{\"execute\": \"query-status\", \"id\": \"still there\"}");
            if (critic.answers != before + 1) {
                throw new AssertionError("the monitor does not answer any more");
            }
            monitor.monitor.disconnect(session);
        }
    }

    private static void send(final Session session, final String message) {
        final byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        session.receive(bytes, 0, bytes.length);
    }

    private static void plugIn(final TestMonitor monitor) {
        final BlockBackend disk = monitor.attach(new TrayDevice("hd0", false));
        final BlockBackend disc = monitor.attach(new TrayDevice("cd0", true));
        monitor.node(Map.of("driver", "null-co", "node-name", "n0", "size", 1 << 20));
        monitor.node(Map.of("driver", "null-co", "node-name", "n1", "size", 1 << 20, "read-only", true));
        TestMonitor.attempt(() -> {
            monitor.layer.insertMedium(disk, Objects.requireNonNull(monitor.layer.node("n0")));
            monitor.layer.insertMedium(disc, Objects.requireNonNull(monitor.layer.node("n1")));
        });
    }
}
