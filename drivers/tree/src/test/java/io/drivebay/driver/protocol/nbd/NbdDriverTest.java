package io.drivebay.driver.protocol.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.BlockStatusFlags;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.Disk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class NbdDriverTest {
    private static final int PATIENT = 30;

    @TempDir
    private Path folder;

    private final Disk disk = new Disk(SystemClock.INSTANCE, new ParkPort());

    @AfterEach
    void close() throws BlockException {
        disk.close();
    }

    private BlockException refusal(final Map<String, Object> options) {
        return assertThrows(BlockException.class, () -> disk.open(options));
    }

    private void assertReads(final int value) {
        final byte[] data = new byte[4096];
        assertEquals(Status.OK, disk.read(512, data).status());
        assertEquals(value, data[0]);
        assertEquals(value, data[4095]);
    }

    // ---- connections that end ----

    @Test
    void whatWasInFlightIsSentAgainOnTheNextConnection() throws Exception {
        try (FakeServer server = new FakeServer(
                folder,
                client -> client.handshake(FakeServer.SIZE).request(),
                client -> client.handshake(FakeServer.SIZE).serveReads(7))) {
            disk.open(server.options(PATIENT));

            assertReads(7);
            assertEquals(1L, disk.told("reconnects"));
        }
    }

    @Test
    void aReplyCutInTheMiddleIsAskedForAgain() throws Exception {
        try (FakeServer server = new FakeServer(
                folder,
                client -> {
                    final FakeServer.Request request =
                            client.handshake(FakeServer.SIZE).request();
                    client.send(ByteBuffer.allocate(1000)
                            .putInt(0x67446698)
                            .putInt(0)
                            .putLong(request.cookie())
                            .rewind());
                },
                client -> client.handshake(FakeServer.SIZE).serveReads(8))) {
            disk.open(server.options(PATIENT));

            assertReads(8);
        }
    }

    @Test
    void withoutAReconnectDelayRequestsFailAtOnceAndWorkAgainLater() throws Exception {
        try (FakeServer server = new FakeServer(
                folder,
                client -> client.handshake(FakeServer.SIZE).request(),
                client -> client.handshake(FakeServer.SIZE).serveReads(7))) {
            disk.open(server.options(0));

            final BlockRequest failed = disk.read(0, new byte[512]);

            assertEquals(Status.IO_ERROR, failed.status());
            assertEquals(107, failed.errno());
            disk.runUntil(() -> disk.read(0, new byte[512]).succeeded());
        }
    }

    @Test
    void anExportOfAnotherSizeIsNotTheSameDisk() throws Exception {
        try (FakeServer server = new FakeServer(
                folder,
                client -> client.handshake(FakeServer.SIZE).request(),
                client -> client.handshake(FakeServer.SIZE + 512).serveReads(7))) {
            disk.open(server.options(1));

            assertEquals(Status.IO_ERROR, disk.read(0, new byte[512]).status());
        }
    }

    @Test
    void aDrainDoesNotWaitForAConnection() throws Exception {
        try (FakeServer server = new FakeServer(
                folder, client -> client.handshake(FakeServer.SIZE).request(), FakeServer.Peer::greet)) {
            final BlockNode node = disk.open(server.options(1000));
            final Disk.Submitted read =
                    disk.submit(Operation.READ, 0, 0, 0, new io.drivebay.backend.request.IoVector());
            disk.runUntil(read::done);
            final Disk.Submitted flush =
                    disk.submit(Operation.BLOCK_STATUS, 0, 512, 0, new io.drivebay.backend.request.IoVector());
            final Disk.Submitted zeroes =
                    disk.submit(Operation.WRITE_ZEROES, 0, 512, 0, new io.drivebay.backend.request.IoVector());
            disk.runUntil(flush::done);

            disk.layer.drain(node).close();

            assertEquals(Status.IO_ERROR, zeroes.request.status());
        }
    }

    @Test
    void aServerThatHangsUpAtOnceIsNotAskedAllTheTime() throws Exception {
        final List<Long> arrivals = new CopyOnWriteArrayList<>();
        try (FakeServer server = new FakeServer(folder, client -> {
            arrivals.add(System.nanoTime());
            client.handshake(FakeServer.SIZE);
        })) {
            disk.open(server.options(PATIENT));

            disk.runUntil(() -> arrivals.size() == 3);

            assertTrue(arrivals.get(2) - arrivals.get(0) >= 2 * 200_000_000L);
        }
    }

    // ---- opening ----

    @Test
    void whatIsNoNbdServerIsRefused() throws Exception {
        try (FakeServer server = new FakeServer(folder, client -> {
            client.send(ByteBuffer.allocate(100));
            client.receive(1);
        })) {
            final BlockException refusal = refusal(server.options(0));

            assertEquals(Kind.IO, refusal.kind());
            assertTrue(String.valueOf(refusal.getMessage()).endsWith(": what answers is no NBD server"));
        }
    }

    @Test
    void anExportThatIsNotThereIsRefusedInTheServersWords() throws Exception {
        try (FakeServer server = new FakeServer(folder, FakeServer.Peer::refuse)) {
            final BlockException refusal = refusal(server.options(0));

            assertEquals(Kind.IO, refusal.kind());
            assertTrue(String.valueOf(refusal.getMessage()).endsWith(": the server refuses: no such export: not here"));
        }
    }

    @Test
    void whatAServerSaysIsPassedOnShortAndInPrint() throws Exception {
        final byte[] words = "no\n\033[2J".repeat(1000).getBytes(StandardCharsets.UTF_8);
        try (FakeServer server = new FakeServer(folder, client -> client.refuse(words))) {
            final String refusal = String.valueOf(refusal(server.options(0)).getMessage());

            assertTrue(refusal.contains(": no such export: no??[2Jno?"), refusal);
            assertTrue(refusal.length() < 1000);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MAX_VALUE, Long.MIN_VALUE})
    void anExportThatIsTooLongForAnyDiskIsRefused(final long size) throws Exception {
        try (FakeServer server = new FakeServer(folder, client -> client.handshake(size))) {
            final String refusal = String.valueOf(refusal(server.options(0)).getMessage());

            assertTrue(
                    refusal.endsWith("the server says that the export has " + Long.toUnsignedString(size) + " bytes"));
        }
    }

    @Test
    void nobodyListeningIsRefused() {
        final BlockException refusal = refusal(Map.of(
                "driver", "nbd",
                "server.type", "unix",
                "server.path", folder.resolve("nothing").toString()));

        assertEquals(Kind.IO, refusal.kind());
    }

    @ParameterizedTest
    @CsvSource({
        "server.type, fd, option 'server.type' must be one of unix, inet",
        "server.port, 99999, option 'server.port' must be 1 to 65535",
        "server.nonsense, 1, option 'server.nonsense' is unknown here",
        "reconnect-delay, 4294967296, option 'reconnect-delay' must be less than 4294967296",
        "tls-creds, /nonexistent, option 'tls-creds': TLS credentials need /nonexistent/ca-cert.pem"
    })
    void wrongOptionsAreRefusedByName(final String key, final String value, final String words) {
        final Map<String, Object> options = new LinkedHashMap<>(
                Map.of("driver", "nbd", "server.type", "inet", "server.host", "127.0.0.1", "server.port", 1));
        options.put(key, value);

        final BlockException refusal = refusal(options);

        assertEquals(Kind.INVALID_OPTION, refusal.kind());
        assertTrue(String.valueOf(refusal.getMessage()).startsWith(words), refusal.getMessage());
    }

    // ---- peers ----

    @Test
    void aReadOnlyExportOpensReadOnlyOrNotAtAll() throws IOException, BlockException {
        try (NbdPeer peer = NbdPeer.nbdkit(folder, "-r", "memory", "1M")) {
            assertEquals(Kind.INVALID_OPTION, refusal(peer.options()).kind());

            final Map<String, Object> options = new LinkedHashMap<>(peer.options());
            options.put("auto-read-only", true);
            assertTrue(disk.open(options).readOnly());
        }
    }

    @Test
    void anExportWithARaggedEndReadsZerosBehindIt() throws IOException, BlockException {
        try (NbdPeer peer = NbdPeer.nbdkit(folder, "pattern", "1000")) {
            final Map<String, Object> options = new LinkedHashMap<>(peer.options());
            options.put("read-only", true);
            disk.open(options);
            final byte[] data = new byte[512];

            assertEquals(1024, disk.backend.lengthBytes());
            assertEquals(Status.OK, disk.read(512, data).status());
            assertEquals((byte) 0xe0, data[1000 - 8 - 512 + 7]); // the pattern is each 8 bytes' offset
            assertEquals(0, data[1000 - 512]);
            assertEquals(0, data[511]);
        }
    }

    @Test
    void zeroesWithoutFallbackAreFastOrRefused() throws IOException, BlockException {
        try (NbdPeer peer = NbdPeer.nbdkit(folder, "--filter=nozero", "memory", "1M")) {
            disk.open(peer.options());

            assertEquals(
                    Status.NOT_SUPPORTED,
                    disk.run(Operation.WRITE_ZEROES, 0, 4096, RequestFlags.NO_FALLBACK)
                            .status());
        }
    }

    @Test
    void blockSizesOfTheServerAreKept() throws IOException, BlockException {
        try (NbdPeer peer = NbdPeer.nbdkit(
                folder,
                "--filter=blocksize-policy",
                "memory",
                "1M",
                "blocksize-minimum=4096",
                "blocksize-maximum=64k",
                "blocksize-error-policy=error")) {
            disk.open(peer.options());
            final byte[] data = new byte[300_001];
            java.util.Arrays.fill(data, (byte) 3);

            assertEquals(4096, disk.root().limits().requestAlignment());
            assertEquals(64 << 10, disk.root().limits().maxTransfer());
            assertEquals(Status.OK, disk.write(777, data, 0).status());
            final byte[] back = new byte[300_001];
            assertEquals(Status.OK, disk.read(777, back).status());
            assertEquals(3, back[0]);
            assertEquals(3, back[300_000]);
        }
    }

    @Test
    void blockStatusComesFromTheServer() throws IOException, BlockException {
        try (NbdPeer peer = NbdPeer.nbdkit(folder, "memory", "1M")) {
            disk.open(peer.options());
            disk.write(65536, new byte[] {1}, 0);

            final BlockRequest hole = disk.run(Operation.BLOCK_STATUS, 0, 1 << 20, 0);

            assertEquals(BlockStatusFlags.ZERO | BlockStatusFlags.ALLOCATED, hole.statusFlags());
            assertEquals(65536, hole.statusBytes());
        }
    }

    @Test
    void aServerThatIsKilledAndComesBackIsFoundAgain() throws IOException, BlockException {
        try (NbdPeer before = NbdPeer.nbdkit(folder, "memory", "1M")) {
            disk.open(before.options());
            assertReads(0);
        }
        final byte[] data = new byte[512];
        final NbdPeer after = NbdPeer.nbdkit(folder, "data", "( 5 )*1048576");
        assertEquals(Status.OK, disk.read(0, data).status());
        after.close();
        assertEquals(5, data[0]);
    }
}
