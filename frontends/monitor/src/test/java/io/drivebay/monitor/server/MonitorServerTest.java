package io.drivebay.monitor.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.drivebay.monitor.kit.SocketClient;
import io.drivebay.monitor.kit.TestMonitor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class MonitorServerTest {
    private final TestMonitor monitor = new TestMonitor();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        monitor.close();
    }

    private UnixDomainSocketAddress address() {
        return UnixDomainSocketAddress.of(folder.resolve("qmp.sock"));
    }

    private static void assertWorks(final SocketClient client) throws IOException {
        assertEquals(
                "running",
                client.ask("{'execute': 'query-status'}").at("/return/status").asText());
    }

    @Test
    void aUnixSocketServesAClientAndIsGoneAtTheEnd() throws IOException {
        try (MonitorServer server = MonitorServer.listen(monitor.monitor, address());
                SocketClient client = SocketClient.to(server.address())) {
            final JsonNode greeting = client.next();
            assertNotNull(greeting);
            assertTrue(greeting.has("QMP"));
            client.ask("{'execute': 'qmp_capabilities'}");
            assertWorks(client);
        }
        assertFalse(Files.exists(address().getPath()));
    }

    @Test
    void commandsOneBehindTheOtherWithoutAnEndOfLineAreAnsweredInOrder() throws IOException {
        try (MonitorServer server = MonitorServer.listen(monitor.monitor, address());
                SocketClient client = SocketClient.to(server.address())) {
            client.next();
            client.send(
                    "{\"execute\":\"qmp_capabilities\",\"arguments\":{}}{\"execute\":\"query-commands\","
                            + "\"arguments\":{},\"id\":\"__qmp#00000\"}{\"execute\":\"stop\",\"arguments\":{},"
                            + "\"id\":\"__qmp#00001\"}{\"execute\":\"eject\",\"arguments\":{\"id\":\"x\"},\"id\":\"__qmp#00002\"}");
            final StringBuilder kinds = new StringBuilder();
            for (int i = 0; i < 5; i++) {
                final JsonNode line = Objects.requireNonNull(client.next());
                kinds.append(line.path("event").asText(line.fieldNames().next()))
                        .append(line.path("id").asText())
                        .append(' ');
            }
            assertEquals("return return__qmp#00000 STOP return__qmp#00001 error__qmp#00002 ", kinds.toString());
        }
    }

    @Test
    void clientsThatGoWithCommandsOnTheirWayHoldUpNobody() throws IOException {
        try (MonitorServer server = MonitorServer.listen(monitor.monitor, address());
                SocketClient stays = SocketClient.to(server.address()).negotiate()) {
            for (int i = 0; i < 3 * MonitorServer.MAX_CLIENTS; i++) {
                try (SocketClient goes = SocketClient.to(server.address()).negotiate()) {
                    goes.send("{\"execute\":\"query-commands\"}".repeat(50));
                }
                assertWorks(stays);
            }
        }
    }

    @Test
    void aTcpPortServesSeveralClients() throws IOException {
        final InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        try (MonitorServer server = MonitorServer.listen(monitor.monitor, anyPort);
                SocketClient first = SocketClient.to(server.address()).negotiate();
                SocketClient second = SocketClient.to(server.address()).negotiate()) {
            assertWorks(second);
            assertWorks(first);
        }
    }

    @Test
    void theMonitorConnectsToAClientThatListens() throws IOException {
        try (ServerSocketChannel listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listening.bind(address());
            final Connection connection = Connection.to(monitor.monitor, address());
            try (SocketClient client = new SocketClient(listening.accept()).negotiate()) {
                assertWorks(client);
                connection.close();
                assertNull(client.next());
            }
        }
    }

    @Test
    void aClientOnStreamsGetsItsAnswersAlthoughItsInputHasEnded() throws InterruptedException {
        final byte[] input =
                "{'execute': 'qmp_capabilities'}{'execute': 'query-status', 'id': 1}".getBytes(StandardCharsets.UTF_8);
        final ByteArrayOutputStream output = new ByteArrayOutputStream();
        Connection.over(
                        monitor.monitor,
                        Channels.newChannel(new ByteArrayInputStream(input)),
                        Channels.newChannel(output),
                        "stdio")
                .await();
        final String[] lines = output.toString(StandardCharsets.UTF_8).split("\r\n", -1);
        assertEquals(4, lines.length);
        assertTrue(lines[2].endsWith("\"id\":1}"), lines[2]);
    }

    @Test
    void aClientThatHasSaidAllGetsItsAnswers() throws IOException {
        try (MonitorServer server = MonitorServer.listen(monitor.monitor, address());
                SocketClient client = SocketClient.to(server.address())) {
            client.send("{'execute': 'qmp_capabilities'}{'execute': 'query-status'}");
            client.channel().shutdownOutput();
            assertEquals(3, client.drain());
        }
    }

    @Test
    void aSocketThatWasLeftBehindIsReplacedAndAFileIsNot() throws IOException {
        try (ServerSocketChannel left = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            left.bind(address());
        }
        try (MonitorServer server = MonitorServer.listen(monitor.monitor, address());
                SocketClient client = SocketClient.to(server.address()).negotiate()) {
            assertWorks(client);
        }
        Files.writeString(address().getPath(), "precious");
        assertThrows(IOException.class, () -> MonitorServer.listen(monitor.monitor, address()));
        assertEquals("precious", Files.readString(address().getPath()));
    }

    @Test
    void theEndOfTheServerEndsItsClients() throws IOException {
        final MonitorServer server = MonitorServer.listen(monitor.monitor, address());
        try (SocketClient client = SocketClient.to(server.address()).negotiate()) {
            server.close();
            assertNull(client.next());
        }
    }

    @Test
    void aClientThatDoesNotReadEventsIsCutOffAndOthersNoticeNothing() throws IOException {
        try (MonitorServer server = MonitorServer.listen(monitor.monitor, address());
                SocketClient asleep = SocketClient.to(server.address()).negotiate();
                SocketClient awake = SocketClient.to(server.address()).negotiate()) {
            final Map<String, Object> data = Map.of("filling", "x".repeat(10_000));
            for (int i = 0; i < 500; i++) {
                monitor.monitor.event("NOISE", data);
                assertNotNull(awake.next());
            }
            assertTrue(asleep.drain() < 500);
            assertWorks(awake);
        }
    }

    @Test
    void aClientThatAsksWithoutReadingHoldsUpNobodyElseAndLosesNothing() throws IOException {
        try (MonitorServer server = MonitorServer.listen(monitor.monitor, address());
                SocketClient busy = SocketClient.to(server.address()).negotiate();
                SocketClient other = SocketClient.to(server.address()).negotiate()) {
            final byte[] flood = "{'execute': 'query-commands'}".repeat(5000).getBytes(StandardCharsets.UTF_8);
            busy.channel().configureBlocking(false);
            final ByteBuffer left = ByteBuffer.wrap(flood);
            int idle = 0;
            while (left.hasRemaining() && idle < 1000) {
                idle = busy.channel().write(left) == 0 ? idle + 1 : 0;
            }
            assertWorks(other);
            busy.channel().configureBlocking(true);
            busy.channel().shutdownOutput();
            assertEquals(left.position() / "{'execute': 'query-commands'}".length(), busy.drain());
        }
    }

    @Test
    void moreClientsThanThereIsRoomForWaitUntilOneHasGone() throws IOException {
        try (MonitorServer server = MonitorServer.listen(monitor.monitor, address())) {
            final SocketClient[] clients = new SocketClient[MonitorServer.MAX_CLIENTS];
            for (int i = 0; i < clients.length; i++) {
                clients[i] = SocketClient.to(server.address()).negotiate();
            }
            try (SocketClient late = SocketClient.to(server.address())) {
                assertWorks(clients[0]);
                clients[0].close();
                late.negotiate();
                assertWorks(late);
            }
            for (final SocketClient client : clients) {
                client.close();
            }
        }
    }
}
