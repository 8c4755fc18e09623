package io.drivebay.sim.qtest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.SystemClock;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class QtestClientTest {
    @TempDir
    private Path folder;

    private QtestLink link;
    private QtestClient client;

    @BeforeEach
    void connect() throws Exception {
        link = new QtestLink(folder, QtestLog.none());
        client = new QtestClient(link.socket(), SystemClock.INSTANCE);
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
        link.close();
    }

    @Test
    void postedWritesAreCarriedOutInOrderBeforeTheNextRead() {
        client.postWrites(true);
        IntStream.range(0, 1000).forEach(i -> client.outb(0x1f2, i));
        client.outb(0x1f3, 0x12);

        assertEquals(999 & 0xff, client.inb(0x1f2));
        assertEquals(0x12, client.inb(0x1f3));
    }

    @Test
    void anInterruptIsKnownThatAPostedWriteRaises() {
        client.interceptInterrupts();
        client.postWrites(true);
        client.outb(0x1f6, 0xa0);

        client.outb(0x1f7, 0xec);

        assertTrue(client.interrupt(14));
    }

    @Test
    void memoryIsReadAsPostedWritesHaveLeftIt() {
        final byte[] back = new byte[2];
        client.postWrites(true);
        client.write(0x1000, new byte[] {1, 2}, 0, 2);
        client.outb(0x1f2, 1);

        client.read(0x1000, back, 0, 2);

        assertArrayEquals(new byte[] {1, 2}, back);
    }

    @Test
    void aPostedWriteThatFailsIsToldOfByTheNextAccess() {
        client.postWrites(true);
        client.outb(0x10000, 0);

        assertThrows(IllegalStateException.class, () -> client.inb(0x1f7));
        assertEquals(0x50, client.inb(0x1f7));
    }
}
