package io.drivebay.exports.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class BlockExportsTest {
    @TempDir
    private Path folder;

    private final IoContext context = new IoContext("exports-test", SystemClock.INSTANCE, new ParkPort()).start();
    private final BlockLayer layer = new BlockLayer();
    private final BlockExports exports = new BlockExports(layer, SystemClock.INSTANCE);
    private Path socket;

    @BeforeEach
    void makeDisk() throws BlockException {
        socket = folder.resolve("s");
        new Blockdevs(layer).add(context, Map.of("driver", "memory", "node-name", "disk", "size", 1 << 20));
    }

    @AfterEach
    void close() {
        exports.close();
        layer.close();
        context.close();
    }

    private void listen() throws BlockException {
        exports.startNbdServer(Map.of("addr.type", "unix", "addr.path", socket.toString()));
    }

    private static Map<String, Object> nbd(final String id) {
        return new HashMap<>(Map.of("type", "nbd", "id", id, "node-name", "disk", "name", id));
    }

    private Kind refusal(final Map<String, Object> options) {
        return assertThrows(BlockException.class, () -> exports.add(options)).kind();
    }

    /** A client in the transmission phase. */
    private SocketChannel enter(final String name) throws Exception {
        final SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(socket));
        receive(channel, 18);
        final byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
        channel.write(ByteBuffer.allocate(20 + bytes.length)
                .putInt(3)
                .putLong(0x49484156454F5054L)
                .putInt(1)
                .putInt(bytes.length)
                .put(bytes)
                .flip());
        receive(channel, 10);
        channel.write(ByteBuffer.allocate(28).putInt(0x25609513).putInt(3).rewind()); // a flush, answered once it is in
        receive(channel, 16);
        return channel;
    }

    private static void receive(final SocketChannel channel, final int bytes) throws Exception {
        final ByteBuffer target = ByteBuffer.allocate(bytes);
        while (target.hasRemaining() && channel.read(target) >= 0) {
            assertTrue(target.position() > 0);
        }
        assertEquals(bytes, target.position());
    }

    @Test
    void exportsAreListedInTheOrderOfTheirMaking() throws BlockException {
        listen();
        exports.add(nbd("b"));
        exports.add(nbd("a"));

        assertEquals(
                List.of("b", "a"),
                exports.describe().stream().map(export -> export.get("id")).toList());
        assertEquals(
                Map.of("id", "b", "type", "nbd", "node-name", "disk", "shutting-down", false),
                exports.describe().get(0));
    }

    @Test
    void withoutAServerThereIsNoNbdExport() {
        assertEquals(Kind.WRONG_STATE, refusal(nbd("e")));
    }

    @Test
    void idsAreUniqueUntilTheirExportIsGone() throws BlockException {
        listen();
        exports.add(nbd("e"));

        assertEquals(Kind.BAD_NAME, refusal(nbd("e")));
        exports.remove("e", false);
        exports.add(nbd("e"));
    }

    @Test
    void anExportWithClientsGoesOnlyTheHardWay() throws Exception {
        listen();
        exports.add(nbd("e"));
        try (SocketChannel client = enter("e")) {
            assertEquals(
                    Kind.IN_USE,
                    assertThrows(BlockException.class, () -> exports.remove("e", false))
                            .kind());
            exports.remove("e", true);

            assertEquals(-1, client.read(ByteBuffer.allocate(1)));
        }
        assertEquals(
                Kind.NOT_FOUND,
                assertThrows(BlockException.class, () -> exports.remove("e", true))
                        .kind());
    }

    @Test
    void theServersEndIsThatOfItsExports() throws BlockException {
        listen();
        exports.add(nbd("e"));

        exports.stopNbdServer();

        assertEquals(List.of(), exports.describe());
        assertFalse(Files.exists(socket));
        assertEquals(
                Kind.WRONG_STATE,
                assertThrows(BlockException.class, exports::stopNbdServer).kind());
        listen();
        exports.add(nbd("e"));
    }

    @Test
    void anUnknownOptionIsRefusedAndLeavesNoExport() throws BlockException {
        listen();
        final Map<String, Object> options = nbd("e");
        options.put("bitmap", "b");

        assertEquals(Kind.INVALID_OPTION, refusal(options));
        assertEquals(List.of(), exports.describe());
        exports.add(nbd("e"));
    }

    @Test
    void aNodeElsewhereIsRefusedOnlyWhenItsThreadIsFixed() throws BlockException {
        listen();
        final Map<String, Object> options = nbd("e");
        options.put("iothread", "t");
        assertEquals(Kind.NOT_FOUND, refusal(options));
        layer.objects().add(Map.of("qom-type", "iothread", "id", "t"));
        options.put("fixed-iothread", true);
        assertEquals(Kind.IN_USE, refusal(options));
        options.put("fixed-iothread", false);

        exports.add(options);

        assertEquals(1, exports.describe().size());
    }

    @Test
    void credentialsHaveToBeAServers() throws Exception {
        layer.objects().add(Map.of("qom-type", "secret", "id", "s", "data", "x"));

        final BlockException refused = assertThrows(
                BlockException.class,
                () -> exports.startNbdServer(
                        Map.of("addr.type", "unix", "addr.path", socket.toString(), "tls-creds", "s")));

        assertEquals(Kind.INVALID_OPTION, refused.kind());
        assertFalse(Files.exists(socket));
    }

    @Test
    void aServerThatCannotListenLeavesRoomForOneThatCan() throws BlockException {
        assertThrows(
                BlockException.class,
                () -> exports.startNbdServer(Map.of(
                        "addr.type",
                        "unix",
                        "addr.path",
                        folder.resolve("none/s").toString())));

        listen();
    }
}
