package io.drivebay.monitor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.drivebay.monitor.kit.TestClient;
import io.drivebay.monitor.kit.TestMonitor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that send anything: every line that they get is JSON, and the next right command is carried out. */
final class HostileClientTest {
    private static final List<String> COMMANDS = List.of(
            "{\"execute\": \"query-block\", \"id\": 1}",
            "{\"execute\": \"blockdev-add\", \"arguments\": {\"driver\": \"null-co\", \"node-name\": \"n\", \"size\": 4096}}",
            "{\"execute\": \"blockdev-del\", \"arguments\": {\"node-name\": \"n\"}}",
            "{\"execute\": \"block_resize\", \"arguments\": {\"node-name\": \"v0-node\", \"size\": 65536}}",
            "{\"execute\": \"eject\", \"arguments\": {\"id\": \"v0\", \"force\": true}}",
            "{\"execute\": \"stop\"}{\"execute\": \"cont\"}",
            "{\"execute\": \"human-monitor-command\", \"arguments\": {\"command-line\": \"qemu-io -d v0 read 0 512\"}}",
            "{\"execute\": \"block-latency-histogram-set\", \"arguments\": {\"id\": \"v0\", \"boundaries\": [1, 2]}}",
            "{\"execute\": \"query-blockstats\", \"arguments\": {\"query-nodes\": false}}");

    private final TestMonitor monitor = new TestMonitor();
    private final TestClient client = monitor.client;

    @AfterEach
    void close() {
        monitor.close();
    }

    private void stillThere() {
        client.send(new byte[] {(byte) 0xff, '\n'});
        final JsonNode reply = client.ask("{\"execute\": \"query-version\", \"id\": \"still there\"}");
        assertEquals("still there", reply.get("id").asText());
        assertTrue(reply.has("return"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void randomBytes(final long seed) {
        final byte[] bytes = new byte[64 << 10];
        new Random(seed).nextBytes(bytes);
        client.send(bytes);
        stillThere();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void commandsWithSomethingWrong(final long seed) {
        monitor.disk("v0");
        final Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            client.send(damaged(random));
            client.received.clear();
        }
        stillThere();
    }

    private static byte[] damaged(final Random random) {
        final byte[] bytes = COMMANDS.get(random.nextInt(COMMANDS.size())).getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(5)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length));
            case 1 -> Arrays.copyOfRange(bytes, random.nextInt(bytes.length), bytes.length);
            case 2 -> {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                yield bytes;
            }
            case 3 -> {
                final String wrong = "{}[]\":,0-1e\\\n".substring(random.nextInt(13));
                bytes[random.nextInt(bytes.length)] = (byte) wrong.charAt(0);
                yield bytes;
            }
            default -> bytes;
        };
    }

    @Test
    void numbersBeyondAllBounds() {
        monitor.disk("v0");
        for (final String number :
                List.of("9".repeat(30), "-" + "9".repeat(300), "1e400", "1.5", "9".repeat(100_000))) {
            assertTrue(
                    client.ask("{\"execute\": \"block_resize\", \"arguments\": {\"node-name\": \"v0-node\", \"size\": "
                                    + number + "}}")
                            .has("error"));
        }
        stillThere();
    }

    @Test
    void namesAndStringsOfHalfAMegabyte() {
        final String huge = "x".repeat(500_000);
        assertTrue(client.ask("{\"" + huge + "\": 1}").has("error"));
        assertTrue(client.ask("{\"execute\": \"" + huge + "\"}").has("error"));
        assertTrue(client.ask("{\"execute\": \"blockdev-add\", \"arguments\": {\"node-name\": \"n\", \"driver\": \""
                        + huge + "\"}}")
                .has("error"));
        stillThere();
    }

    @Test
    void tensOfThousandsOfMembersAndElements() {
        final StringBuilder members = new StringBuilder();
        for (int i = 0; i < 50_000; i++) {
            members.append(i == 0 ? "" : ",").append("\"m").append(i).append("\": 1");
        }
        assertTrue(client.ask("{" + members + "}").has("error"));
        assertTrue(client.ask("{\"execute\": \"device_add\", \"arguments\": {" + members + "}}")
                .has("error"));
        assertTrue(client.ask("[" + "0,".repeat(400_000) + "0]").has("error"));
        stillThere();
    }

    @Test
    void optionsNestedAsDeepAsTheyMayBe() {
        final String deep = "{\"driver\": \"raw\", \"file\": ".repeat(100) + "1" + "}".repeat(100);
        assertTrue(
                client.ask("{\"execute\": \"blockdev-add\", \"arguments\": {\"driver\": \"raw\", \"node-name\": \"r\","
                                + " \"file\": " + deep + "}}")
                        .has("error"));
        stillThere();
    }

    @Test
    void tenThousandCommandsInOnePiece() {
        client.send("{\"execute\":\"query-status\"}".repeat(10_000).getBytes(StandardCharsets.UTF_8));
        assertEquals(10_000, client.received.size());
    }
}
