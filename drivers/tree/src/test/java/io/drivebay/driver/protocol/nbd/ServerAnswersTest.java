package io.drivebay.driver.protocol.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Status;
import io.drivebay.driver.Disk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that answer early, in pieces, with errors, or with what they must not send. */
@Timeout(60)
final class ServerAnswersTest {
    private static final int PATIENT = 30;

    @TempDir
    private Path folder;

    private final Disk disk = new Disk(SystemClock.INSTANCE, new ParkPort());

    @AfterEach
    void close() throws BlockException {
        disk.close();
    }

    private void assertReads(final int value) {
        final byte[] data = new byte[4096];
        assertEquals(Status.OK, disk.read(512, data).status());
        assertEquals(value, data[0]);
        assertEquals(value, data[4095]);
    }

    @Test
    void aWriteThatIsRefusedBeforeItsLastByteFailsAndTheConnectionGoesOn() throws Exception {
        try (FakeServer server = new FakeServer(folder, client -> {
            final FakeServer.Request write = client.handshake(FakeServer.SIZE).request();
            client.simple(write, 28);
            client.receive(write.length());
            client.data(client.request(), 6);
            client.request();
        })) {
            disk.open(server.options(PATIENT));

            assertEquals(
                    Status.NO_SPACE, disk.write(0, new byte[FakeServer.SIZE], 0).status());

            assertReads(6);
            assertEquals(0L, disk.told("reconnects"));
        }
    }

    private static Stream<Named<FakeServer.Script>> liars() {
        return Stream.of(
                Named.of("noise", client -> client.handshake(FakeServer.SIZE).send(ByteBuffer.allocate(100))),
                Named.of("cookie", client -> {
                    final FakeServer.Request request =
                            client.handshake(FakeServer.SIZE).request();
                    client.data(new FakeServer.Request(0, request.cookie() + 1, 0, 512), 1);
                }),
                Named.of("structured though simple was agreed on", client -> {
                    final FakeServer.Request request =
                            client.handshake(FakeServer.SIZE).request();
                    client.chunk(1, 0, request.cookie(), ByteBuffer.allocate(0));
                }),
                Named.of("data before the range", client -> {
                    final FakeServer.Request request = client.structured().request();
                    client.chunk(
                            1,
                            1,
                            request.cookie(),
                            ByteBuffer.allocate(16).putLong(511).rewind());
                }),
                Named.of("data behind the range", client -> {
                    final FakeServer.Request request = client.structured().request();
                    client.chunk(
                            1,
                            1,
                            request.cookie(),
                            ByteBuffer.allocate(16).putLong(4607).rewind());
                }),
                Named.of("hole behind the range", client -> {
                    final FakeServer.Request request = client.structured().request();
                    client.chunk(
                            1,
                            2,
                            request.cookie(),
                            ByteBuffer.allocate(12).putLong(512).putInt(-1).rewind());
                }),
                Named.of("hole of no bytes", client -> {
                    client.chunks(client.structured().request(), "HOLE 512 0");
                }),
                Named.of("chunk of a type that is none", client -> {
                    final FakeServer.Request request = client.structured().request();
                    client.chunk(1, 77, request.cookie(), ByteBuffer.allocate(8));
                }),
                Named.of("huge chunk", client -> {
                    final FakeServer.Request request = client.structured().request();
                    client.send(ByteBuffer.allocate(20)
                            .putInt(0x668e33ef)
                            .putInt(0x10005)
                            .putLong(request.cookie())
                            .putInt(-1)
                            .rewind());
                }),
                Named.of("simple reply to a structured read", client -> {
                    client.data(client.structured().request(), 1);
                }));
    }

    @ParameterizedTest
    @MethodSource("liars")
    void aServerThatBreaksTheProtocolIsLeft(final FakeServer.Script lie) throws Exception {
        try (FakeServer server = new FakeServer(folder, lie)) {
            disk.open(server.options(0));

            assertEquals(Status.IO_ERROR, disk.read(512, new byte[4096]).status());
        }
    }

    /** Chunks of the answer to a read of 4096 bytes at 512: type, offset, and how many bytes. */
    @ParameterizedTest
    @CsvSource({
        "DATA 512 4096  DATA 512 4096",
        "DATA 512 1024  DATA 1535 1024",
        "DATA 512 1024  HOLE 1024 1024",
        "HOLE 512 1024  DATA 1024 512",
        "HOLE 512 4096  HOLE 4607 1",
        "DATA 2048 1024  DATA 512 1537",
        "DATA 2048 1024  HOLE 512 4096",
        "DATA 512 512  DATA 2048 512  DATA 1024 1024  HOLE 2559 1"
    })
    void aByteThatIsSentTwiceEndsTheConnection(final String chunks) throws Exception {
        try (FakeServer server = new FakeServer(
                folder,
                client -> {
                    final FakeServer.Request request = client.structured().request();
                    client.chunks(request, chunks);
                    client.request();
                },
                client -> client.structured().chunkedReads(7))) {
            disk.open(server.options(PATIENT));

            assertReads(7);
            assertEquals(1L, disk.told("reconnects"));
            assertTrue(disk.told("last-loss").toString().endsWith(" of a read, some of them twice"));
        }
    }

    @Test
    void aReadInTooManyPiecesEndsTheConnection() throws Exception {
        final String pieces = IntStream.rangeClosed(0, ArrivedRanges.MOST)
                .mapToObj(piece -> "HOLE " + (512 + 2 * piece) + " 1")
                .collect(Collectors.joining("  "));
        try (FakeServer server = new FakeServer(folder, client -> {
            client.chunks(client.structured().request(), pieces);
            client.request();
        })) {
            disk.open(server.options(0));

            assertEquals(Status.IO_ERROR, disk.read(512, new byte[4096]).status());
            assertEquals(
                    "the server sent a read in more than 1024 pieces apart from each other", disk.told("last-loss"));
        }
    }

    @Test
    void aServerThatNeverAnswersRightFailsARequestAfterTheReconnectDelay() throws Exception {
        try (FakeServer server = new FakeServer(folder, client -> {
            client.chunks(client.structured().request(), "HOLE 512 4096  HOLE 512 4096");
            client.request();
        })) {
            disk.open(server.options(1));

            assertEquals(Status.IO_ERROR, disk.read(512, new byte[4096]).status());
            assertTrue((long) disk.told("reconnects") > 1);
        }
    }

    @Test
    void aReadOfWhichNotAllCameFails() throws Exception {
        try (FakeServer server = new FakeServer(folder, client -> {
            final FakeServer.Request request = client.structured().request();
            client.chunk(
                    0, 1, request.cookie(), ByteBuffer.allocate(16).putLong(512).rewind());
            client.chunk(1, 0, request.cookie(), ByteBuffer.allocate(0));
            client.request();
        })) {
            disk.open(server.options(PATIENT));

            assertEquals(Status.IO_ERROR, disk.read(512, new byte[4096]).status());
        }
    }

    @Test
    void holesAndDataInPiecesMakeOneRead() throws Exception {
        try (FakeServer server = new FakeServer(folder, client -> {
            final FakeServer.Request request = client.structured().request();
            final ByteBuffer data = ByteBuffer.allocate(8 + 1024).putLong(512 + 3072);
            while (data.hasRemaining()) {
                data.put((byte) 5);
            }
            client.chunk(0, 1, request.cookie(), data.rewind());
            client.chunk(
                    1,
                    2,
                    request.cookie(),
                    ByteBuffer.allocate(12).putLong(512).putInt(3072).rewind());
            client.request();
        })) {
            disk.open(server.options(PATIENT));
            final byte[] data = new byte[4096];
            Arrays.fill(data, (byte) 9);

            assertEquals(Status.OK, disk.read(512, data).status());
            assertEquals(0, data[3071]);
            assertEquals(5, data[3072]);
        }
    }

    @Test
    void theServersErrorIsTheRequests() throws Exception {
        try (FakeServer server = new FakeServer(folder, client -> {
            final FakeServer.Request request = client.structured().request();
            client.chunk(
                    1,
                    0x8001,
                    request.cookie(),
                    ByteBuffer.allocate(6).putInt(28).rewind());
            client.request();
        })) {
            disk.open(server.options(PATIENT));

            final BlockRequest failed = disk.read(512, new byte[4096]);

            assertEquals(Status.NO_SPACE, failed.status());
            assertEquals(28, failed.errno());
        }
    }
}
