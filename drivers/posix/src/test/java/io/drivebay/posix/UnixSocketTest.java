package io.drivebay.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
final class UnixSocketTest {
    private final MemoryRegion buffer = MemoryRegion.allocate(64);
    private final List<PosixFile> files = new ArrayList<>();

    @TempDir
    Path folder;

    @Test
    void bytesArriveAndNothingIsAnAnswer() throws PosixException {
        final UnixSocket[] pair = UnixSocket.pair();
        try (UnixSocket here = pair[0];
                UnixSocket there = pair[1]) {
            assertEquals(UnixSocket.NOT_NOW, there.receive(buffer, 0, 64, files));
            buffer.putLong(0, 0x1122334455667788L);
            assertEquals(8, here.send(buffer, 0, 8));
            assertEquals(4, there.receive(buffer, 32, 4, files));
            assertEquals(0x55667788, buffer.getInt(32));
            assertEquals(4, there.receive(buffer, 32, 64 - 32, files));
            assertEquals(0x11223344, buffer.getInt(32));
            assertEquals(List.of(), files);
        }
    }

    @Test
    void theEndOfTheOtherSideIsAnAnswer() throws PosixException {
        final UnixSocket[] pair = UnixSocket.pair();
        pair[0].close();
        try (UnixSocket there = pair[1]) {
            assertEquals(0, there.receive(buffer, 0, 64, files));
        }
    }

    @Test
    void filesArriveWithTheBytesTheyWereSentWith() throws PosixException {
        final UnixSocket[] pair = UnixSocket.pair();
        try (UnixSocket here = pair[0];
                UnixSocket there = pair[1];
                EventFd first = EventFd.create();
                EventFd second = EventFd.create()) {
            here.send(buffer, 0, 8, first.fd(), second.fd());
            here.send(buffer, 0, 8);
            assertEquals(8, there.receive(buffer, 0, 64, files), "reading ends where the files' bytes end");
            assertEquals(2, files.size());
            try (EventFd passed = EventFd.adopt(files.get(1));
                    PosixFile other = files.get(0)) {
                passed.signal();
                assertEquals(1, second.drain());
                assertEquals(0, first.drain());
                assertTrue(other.fd() != first.fd());
            }
        }
    }

    @Test
    void whatHasNoRoomIsNotSentNow() throws PosixException {
        final UnixSocket[] pair = UnixSocket.pair();
        try (UnixSocket here = pair[0];
                UnixSocket there = pair[1]) {
            int sent = 0;
            while (here.send(buffer, 0, 64) == 64) {
                sent += 64;
            }
            assertTrue(sent > 0);
            assertEquals(64, there.receive(buffer, 0, 64, files));
        }
    }

    @Test
    void writingToWhoHasLeftFailsByName() throws PosixException {
        final UnixSocket[] pair = UnixSocket.pair();
        try (UnixSocket here = pair[0]) {
            pair[1].close();
            final PosixException e = assertThrows(PosixException.class, () -> here.send(buffer, 0, 8));
            assertEquals("EPIPE", e.errnoName());
        }
    }

    @Test
    void aListenerAcceptsAndRemovesItsPath() throws PosixException {
        final Path path = folder.resolve("socket");
        try (UnixListener listener = UnixListener.listen(path.toString())) {
            assertNull(listener.accept());
            try (UnixSocket client = UnixSocket.connect(path.toString());
                    UnixSocket server = accepted(listener)) {
                client.send(buffer, 0, 8);
                assertEquals(8, server.receive(buffer, 0, 64, files));
            }
        }
        assertFalse(Files.exists(path));
    }

    private static UnixSocket accepted(final UnixListener listener) throws PosixException {
        return Objects.requireNonNull(listener.accept());
    }

    @Test
    void aSocketThatNobodyListensOnIsReplaced() throws Exception {
        final Path path = folder.resolve("socket");
        final Path kept = folder.resolve("kept");
        final UnixListener dead = UnixListener.listen(path.toString());
        Files.createLink(kept, path);
        dead.close();
        Files.move(kept, path);
        try (UnixListener listener = UnixListener.listen(path.toString());
                UnixSocket client = UnixSocket.connect(path.toString())) {
            assertTrue(client.fd() != listener.fd());
        }
    }

    @Test
    void aPathInUseIsRefused() throws Exception {
        final Path path = folder.resolve("socket");
        try (UnixListener listener = UnixListener.listen(path.toString())) {
            final PosixException e = assertThrows(
                    PosixException.class,
                    () -> UnixListener.listen(listener.path()).close());
            assertEquals("EADDRINUSE", e.errnoName());
        }
        final Path file = Files.createFile(folder.resolve("file"));
        final PosixException e = assertThrows(
                PosixException.class, () -> UnixListener.listen(file.toString()).close());
        assertEquals("EADDRINUSE", e.errnoName());
        assertTrue(Files.exists(file));
    }

    @Test
    void aPathThatIsTooLongIsRefusedByName() {
        final PosixException e = assertThrows(PosixException.class, () -> UnixSocket.connect("/" + "x".repeat(107)));
        assertTrue(e.toString().contains("1 to 107 bytes"), e::toString);
    }

    @Test
    void aFileIsNoEventDescriptor() throws Exception {
        final PosixFile file = PosixFile.open(folder.resolve("file").toString(), OpenFlag.CREATE, OpenFlag.READ_WRITE);
        assertThrows(PosixException.class, () -> EventFd.adopt(file));
        assertThrows(IllegalStateException.class, file::fd);
    }
}
