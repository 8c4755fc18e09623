package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Long reads of nothing but a hole. */
@Timeout(60)
final class HoleTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int DF = 4;
    private static final int DATA = 1;
    private static final int HOLE = 2;
    private static final int LONG = 1 << 20;

    private Served served;
    private RawClient client;

    @BeforeEach
    void serve() throws Exception {
        served = new Served().with("disk");
        client = served.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        served.close();
    }

    private RawClient.Chunk read(final int flags, final int bytes) throws IOException {
        client.send(RawClient.request(flags, READ, 9, LONG, bytes));
        final RawClient.Chunk chunk = client.chunk();
        assertEquals(1, chunk.flags());
        assertEquals(9, chunk.cookie());
        return chunk;
    }

    @Test
    void aHoleIsAnsweredByItsLengthInsteadOfZeros() throws IOException {
        client.structured("disk");

        final RawClient.Chunk chunk = read(0, LONG);

        assertEquals(HOLE, chunk.type());
        assertEquals(ByteBuffer.allocate(12).putLong(LONG).putInt(LONG).flip(), chunk.data());
    }

    @Test
    void aClientThatWantsOnePieceGetsZeros() throws IOException {
        client.structured("disk");

        final RawClient.Chunk chunk = read(DF, LONG);

        assertEquals(DATA, chunk.type());
        assertEquals(8 + LONG, chunk.data().remaining());
    }

    @Test
    void aShortReadIsNotWorthAsking() throws IOException {
        client.structured("disk");

        assertEquals(DATA, read(0, 4096).type());
    }

    @Test
    void whatHasDataAnywhereIsRead() throws IOException {
        client.structured("disk");
        final byte[] last = new byte[512];
        Arrays.fill(last, (byte) 7);
        client.send(RawClient.request(0, WRITE, 5, 2 * LONG - 512, 512));
        client.send(ByteBuffer.wrap(last));
        client.chunk();

        final RawClient.Chunk chunk = read(0, LONG);

        assertEquals(DATA, chunk.type());
        final byte[] data = chunk.data().array();
        assertEquals(0, data[8]);
        assertEquals(7, data[8 + LONG - 1]);
    }

    @Test
    void aReplyOfSimpleModeAlwaysHasTheData() throws IOException {
        client.simple("disk");

        client.send(RawClient.request(0, READ, 9, LONG, LONG));

        assertEquals(new RawClient.Reply(0, 9), client.reply());
        assertEquals(LONG, client.receive(LONG).remaining());
    }
}
