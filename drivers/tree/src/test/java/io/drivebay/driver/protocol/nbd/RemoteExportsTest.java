package io.drivebay.driver.protocol.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.drivebay.backend.context.SystemClock;
import io.drivebay.nbd.PatientStream;
import io.drivebay.nbd.RemoteExports;
import io.drivebay.nbd.SocketAddresses;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class RemoteExportsTest {
    @TempDir
    private Path folder;

    private List<RemoteExports.Entry> list(final FakeServer.Script script) throws IOException {
        try (FakeServer server = new FakeServer(folder, script);
                SocketChannel channel = SocketAddresses.open(server.address());
                PatientStream io =
                        PatientStream.connect(channel, server.address(), SystemClock.INSTANCE, Long.MAX_VALUE)) {
            return RemoteExports.list(io, null);
        }
    }

    /** Greets, has no structured replies, and lists an export called "x". */
    private static void listOne(final FakeServer.Peer client) throws IOException {
        client.greet();
        client.receive(16);
        client.reply(8, 0x80000001, ByteBuffer.allocate(0));
        client.receive(16);
        client.reply(3, 2, ByteBuffer.allocate(5).putInt(1).put((byte) 'x').flip());
        client.reply(3, 1, ByteBuffer.allocate(0));
    }

    @Test
    void whatAServerHasIsListed() throws IOException {
        final List<RemoteExports.Entry> found = list(client -> {
            listOne(client);
            client.receive(16);
            client.reply(
                    6,
                    3,
                    ByteBuffer.allocate(12)
                            .putShort((short) 0)
                            .putLong(512)
                            .putShort((short) 1)
                            .flip());
            client.reply(6, 1, ByteBuffer.allocate(0));
            client.receive(16);
            client.reply(2, 1, ByteBuffer.allocate(0));
        });

        assertEquals(List.of(new RemoteExports.Entry("x", "", 512, 1, List.of(), List.of())), found);
    }

    @Test
    void aServerThatTalksWithoutEndIsLeft() {
        final IOException refusal = assertThrows(
                IOException.class,
                () -> list(client -> {
                    listOne(client);
                    while (true) {
                        client.reply(6, 3, ByteBuffer.allocate(1000));
                    }
                }));

        assertEquals("the server's answers have more than 16777216 bytes", refusal.getMessage());
    }
}
