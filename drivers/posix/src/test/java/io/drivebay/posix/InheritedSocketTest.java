package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class InheritedSocketTest {
    private final MemoryRegion buffer = MemoryRegion.allocate(64);
    private int inherited;
    private UnixSocket other;

    /** Two ends of a connection: one as if it had been inherited, one that is the starter's. */
    @BeforeEach
    void connect() throws PosixException {
        final Scratch scratch = Scratch.zeroed();
        Calls.check(
                LibC.socketpair(SocketAddressDescriptor.AF_UNIX, UnixSocket.STREAM, 0, scratch.address()),
                "socketpair",
                "a pair of sockets");
        inherited = scratch.structure().getInt(0);
        other = UnixSocket.adopt(PosixFile.adopt(scratch.structure().getInt(Integer.BYTES), "socket"));
    }

    @Test
    void whatIsWrittenGoesToTheOneAtTheOtherEndAndBack() throws IOException {
        try (SocketChannel channel = InheritedSocket.adopt(inherited)) {
            assertEquals(4, channel.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4})));
            assertEquals(4, other.receive(buffer, 0, 64, new ArrayList<>()));
            assertEquals(0x04030201, buffer.getInt(0));

            other.send(buffer, 0, 2);
            final ByteBuffer back = ByteBuffer.allocate(8);
            assertEquals(2, channel.read(back));
            assertEquals(2, back.get(1));
        }
        other.close();
    }

    @Test
    void itCanBeSelectedAndItsEndIsSeenAtBothSides() throws IOException {
        final SocketChannel channel = InheritedSocket.adopt(inherited);
        try (Selector selector = Selector.open()) {
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            assertEquals(0, selector.selectNow());
            other.send(buffer, 0, 1);
            assertEquals(1, selector.select());
            assertEquals(1, channel.read(ByteBuffer.allocate(8)));
        }
        channel.close();
        assertEquals(0, other.receive(buffer, 0, 64, new ArrayList<>()));
        other.close();
    }

    @Test
    void theOtherEndsEndIsSeen() throws IOException {
        try (SocketChannel channel = InheritedSocket.adopt(inherited)) {
            other.close();
            assertEquals(-1, channel.read(ByteBuffer.allocate(8)));
        }
    }

    @Test
    void whatIsNoSocketIsRefused(@TempDir final Path folder) throws IOException {
        InheritedSocket.adopt(inherited).close();
        final IOException closed = assertThrows(IOException.class, () -> InheritedSocket.adopt(inherited));
        assertTrue(String.valueOf(closed.getMessage()).contains("fd=" + inherited), closed::getMessage);
        try (PosixFile file = PosixFile.open(folder + "/file", OpenFlag.CREATE, OpenFlag.READ_WRITE)) {
            assertThrows(IOException.class, () -> InheritedSocket.adopt(file.fd()));
        }
    }
}
