package io.drivebay.monitor;

import static io.drivebay.monitor.kit.TestClient.json;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.drivebay.monitor.kit.TestClient;
import io.drivebay.monitor.kit.TestMonitor;
import io.drivebay.monitor.protocol.Output;
import io.drivebay.monitor.protocol.Session;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Greeting, negotiation, ids, errors and the order of messages. */
final class SessionTest {
    private final TestMonitor monitor = new TestMonitor();
    private final TestClient client = monitor.client;

    @AfterEach
    void close() {
        monitor.close();
    }

    private static String error(final JsonNode reply) {
        return reply.path("error").path("class").asText() + ": "
                + reply.path("error").path("desc").asText();
    }

    @Test
    void theGreetingHasAVersionAndOffersNothingOutOfBand() {
        final JsonNode greeting =
                new TestClient(monitor.monitor).received.get(0).get("QMP");
        assertEquals(7, greeting.at("/version/qemu/major").asInt());
        assertTrue(greeting.at("/version/package").asText().startsWith("Drivebay "));
        assertEquals(json("[]"), greeting.get("capabilities"));
    }

    @Test
    void nothingIsDoneBeforeTheNegotiation() {
        final TestClient fresh = new TestClient(monitor.monitor);
        assertEquals(
                "CommandNotFound: Expecting capabilities negotiation with 'qmp_capabilities'",
                error(fresh.ask("{'execute': 'stop'}")));
        assertTrue(monitor.layer.runState().running());
    }

    @Test
    void theNegotiationIsDoneOnce() {
        assertTrue(error(client.ask("{'execute': 'qmp_capabilities'}")).startsWith("CommandNotFound: "));
    }

    @Test
    void capabilitiesThatAreNotOfferedAreRefused() {
        final TestClient fresh = new TestClient(monitor.monitor);
        assertEquals(
                "GenericError: Capability 'oob' is not available",
                error(fresh.ask("{'execute': 'qmp_capabilities', 'arguments': {'enable': ['oob']}}")));
        assertEquals(
                json("{\"return\": {}}"), fresh.ask("{'execute': 'qmp_capabilities', 'arguments': {'enable': []}}"));
    }

    @Test
    void eventsBeginWithTheNegotiation() {
        final TestClient fresh = new TestClient(monitor.monitor);
        monitor.monitor.event("FIRST", Map.of());
        fresh.ask("{'execute': 'qmp_capabilities'}");
        monitor.monitor.event("SECOND", Map.of());
        assertEquals(List.of("reply", "reply", "SECOND"), fresh.order());
    }

    @Test
    void anEventHasTheTimeOfDay() {
        monitor.monitor.event("BELL", Map.of("rings", 2));
        assertEquals(
                json("{\"timestamp\": {\"seconds\": 1700000000, \"microseconds\": 123456}, \"event\": \"BELL\","
                        + " \"data\": {\"rings\": 2}}"),
                client.received.get(0));
    }

    @Test
    void everyClientHearsOfAnEvent() {
        final TestClient second = new TestClient(monitor.monitor);
        second.negotiate();
        monitor.monitor.event("BELL", Map.of());
        assertEquals(List.of("BELL"), client.order());
        assertEquals(List.of("BELL"), second.order());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"7", "\"seven\"", "[1, {\"a\": 1.5}]", "null", "123456789012345678901234567890", "-1E+400", "{}"})
    void theIdComesBackAsItWas(final String id) {
        assertEquals(
                json(id),
                client.ask("{\"execute\": \"query-status\", \"id\": " + id + "}")
                        .get("id"));
        assertEquals(
                json(id),
                client.ask("{\"execute\": \"nonsense\", \"id\": " + id + "}").get("id"));
    }

    @Test
    void whatIsSentIsAsciiAndWhatIsTakenIsUtf8() {
        final List<String> lines = new ArrayList<>();
        final Session session = monitor.monitor.connect(new Output() {
            @Override
            public void reply(final byte[] line) {
                lines.add(new String(line, StandardCharsets.ISO_8859_1));
            }

            @Override
            public void event(final byte[] line, final boolean expendable) {
                reply(line);
            }
        });
        final byte[] message = "{\"execute\": \"no\", \"id\": \"\u00e4\ud83d\udcbf\"}".getBytes(StandardCharsets.UTF_8);
        session.receive(message, 0, message.length);
        monitor.monitor.disconnect(session);
        assertTrue(lines.get(1).endsWith("\"id\":\"\\u00E4\\uD83D\\uDCBF\"}\r\n"), lines.get(1));
    }

    @Test
    void aSingleQuoteMayBeEscapedInStringsOfBothKinds() {
        final String expected = "CommandNotFound: The command it's has not been found";
        assertEquals(expected, error(client.ask("{'execute': 'it\\'s'}")));
        assertEquals(expected, error(client.ask("{\"execute\": \"it\\'s\"}")));
    }

    @Test
    void withoutAnIdNoneComesBack() {
        assertFalse(client.ask("{'execute': 'query-status'}").has("id"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[1] | GenericError: QMP input must be a JSON object",
                "{} | GenericError: QMP input lacks member 'execute'",
                "{\"exec\": 1} | GenericError: QMP input member 'exec' is unexpected",
                "{\"exec-oob\": \"stop\"} | GenericError: QMP input member 'exec-oob' is unexpected",
                "{\"execute\": 1} | GenericError: QMP input member 'execute' must be a string",
                "{\"execute\": \"stop\", \"arguments\": 1} | GenericError: QMP input member 'arguments' must be an object",
                "{\"execute\": \"nope\"} | CommandNotFound: The command nope has not been found",
                "{\"execute\": \"stop\", \"arguments\": {\"x\": 1}} | GenericError: Parameter 'x' is unexpected",
                "{\"execute\": \"device_del\"} | GenericError: Parameter 'id' is missing",
                "{\"execute\": \"device_del\", \"arguments\": {\"id\": 1}}"
                        + " | GenericError: Invalid parameter type for 'id', expected: string",
            })
    void aWrongRequestIsRefusedInQemusWords(final String request, final String refusal) {
        assertEquals(refusal, error(client.ask(request)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"execute\": \"stop\" \"id\": 1}",
                "{\"execute\": \"stop\", \"execute\": \"cont\"}",
                "{\"execute\": stop}",
                "{\"execute\": \"stop\", \"id\": NaN}",
                "{\"execute\": \"stop\", \"id\": 1e}",
                "{\"execute\": \"stop\", \"id\": 0e999223372036854775807}",
                "{\"execute\": \"stop\", \"id\": 1.5e-99999999999}",
                "{\"execute\": \"stop\"]}",
                "nonsense\n"
            })
    void whatIsNoJsonIsRefusedAndChangesNothing(final String request) {
        assertTrue(error(client.ask(request)).startsWith("GenericError: JSON parse error, "));
        assertTrue(monitor.layer.runState().running());
        assertEquals(
                "running",
                client.ask("\n{'execute': 'query-status'}").at("/return/status").asText());
    }

    @Test
    void aCommandThatFailsInAWayNobodyThoughtOfIsAnError() {
        monitor.monitor.commands().add("trip", "", arguments -> {
            throw new IllegalStateException("over a stone");
        });
        assertEquals(
                "GenericError: The command trip failed: java.lang.IllegalStateException: over a stone",
                client.refusal("trip", "{}"));
        client.run("query-status");
    }
}
