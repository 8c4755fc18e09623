package io.drivebay.monitor.kit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.drivebay.monitor.Monitor;
import io.drivebay.monitor.protocol.Output;
import io.drivebay.monitor.protocol.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client in the same thread, which keeps all it is sent. */
public final class TestClient implements Output {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** All lines, in order. */
    public final List<JsonNode> received = new ArrayList<>();

    private final Session session;

    public TestClient(final Monitor monitor) {
        session = monitor.connect(this);
    }

    public static JsonNode json(final String text) {
        try {
            return MAPPER.readTree(text);
        } catch (final JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    @Override
    public void reply(final byte[] line) {
        received.add(json(new String(line, StandardCharsets.UTF_8)));
    }

    @Override
    public void event(final byte[] line, final boolean expendable) {
        reply(line);
    }

    public void negotiate() {
        ask("{'execute': 'qmp_capabilities'}");
        received.clear();
    }

    public void send(final byte[] bytes) {
        session.receive(bytes, 0, bytes.length);
    }

    /** Sends bytes; the last line that they bring about. */
    public JsonNode ask(final String message) {
        send(message.getBytes(StandardCharsets.UTF_8));
        return received.get(received.size() - 1);
    }

    /** A command without arguments; what it returns. */
    public JsonNode run(final String command) {
        return run(command, "{}");
    }

    /** A command; what it returns. Single quotes stand for double ones. */
    public JsonNode run(final String command, final String arguments) {
        final JsonNode reply = ask("{'execute': '" + command + "', 'arguments': " + arguments + "}");
        if (!reply.has("return")) {
            throw new IllegalStateException(command + ": " + reply);
        }
        return reply.get("return");
    }

    /** A command that is refused; "Class: description". */
    public String refusal(final String command, final String arguments) {
        final JsonNode reply = ask("{'execute': '" + command + "', 'arguments': " + arguments + "}");
        final JsonNode error = reply.path("error");
        return error.path("class").asText() + ": " + error.path("desc").asText();
    }

    /** Names of the events since the last call, and "reply" for each reply. */
    public List<String> order() {
        final List<String> order = new ArrayList<>();
        received.forEach(line -> order.add(line.path("event").asText("reply")));
        received.clear();
        return order;
    }
}
