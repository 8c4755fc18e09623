package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
final class TransmissionTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int DISC = 2;
    private static final int FLUSH = 3;
    private static final int TRIM = 4;
    private static final int CACHE = 5;
    private static final int WRITE_ZEROES = 6;
    private static final int BLOCK_STATUS = 7;
    private static final int FUA = 1;
    private static final int NO_HOLE = 2;
    private static final int DF = 4;
    private static final int REQ_ONE = 8;
    private static final int FAST_ZERO = 16;
    private static final int PAYLOAD_LEN = 32;
    private static final int EPERM = 1;
    private static final int EINVAL = 22;
    private static final int ENOSPC = 28;
    private static final int CHUNK = 64 << 10; // the memory driver's unit of allocation divides it

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

    private void write(final long offset, final int length, final int value) throws IOException {
        client.send(RawClient.request(0, WRITE, 5, offset, length));
        client.send(pattern(length, value));
        assertEquals(new RawClient.Reply(0, 5), client.reply());
    }

    private static ByteBuffer pattern(final int length, final int value) {
        final byte[] data = new byte[length];
        Arrays.fill(data, (byte) value);
        return ByteBuffer.wrap(data);
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        client.simple("disk");
        write(1000, 70_000, 7);

        final RawClient.Reply reply = client.ask(0, READ, 999, 70_002);

        assertEquals(new RawClient.Reply(0, 99), reply);
        final byte[] read = client.receive(70_002).array();
        assertEquals(0, read[0]);
        assertEquals(0, read[70_001]);
        assertArrayEquals(pattern(70_000, 7).array(), Arrays.copyOfRange(read, 1, 70_001));
    }

    @Test
    void theLongestPayloadGoesBothWays() throws Exception {
        served.server.add(served.layer, served.memory("big", 40 << 20), NbdExportOptions.writable("big"));
        client.simple("big");
        write(1 << 20, 32 << 20, 3);

        final RawClient.Reply reply = client.ask(0, READ, 1 << 20, 32 << 20);

        assertEquals(0, reply.error());
        assertArrayEquals(pattern(32 << 20, 3).array(), client.receive(32 << 20).array());
    }

    @Test
    void requestsSentTogetherAreAllAnswered() throws IOException {
        client.simple("disk");
        final ByteBuffer burst = ByteBuffer.allocate(300 * 28);
        for (int i = 0; i < 300; i++) {
            burst.put(RawClient.request(0, FLUSH, i, 0, 0));
        }
        client.send(burst.flip());

        long sum = 0;
        for (int i = 0; i < 300; i++) {
            sum += client.reply().cookie();
        }
        assertEquals(299 * 150, sum);
    }

    @Test
    void aRequestInPiecesIsOneRequest() throws IOException {
        client.simple("disk");
        final ByteBuffer request = RawClient.request(0, WRITE, 5, 0, 512);

        client.send(request.slice(0, 1));
        client.send(request.slice(1, 20));
        client.send(request.slice(21, 7));
        client.send(pattern(100, 1));
        client.send(pattern(412, 1));

        assertEquals(new RawClient.Reply(0, 5), client.reply());
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0, 4194304, 1, 22",
        "0, 0, 4194303, 2, 22",
        "0, 0, -1, 1, 22",
        "0, 0, 9223372036854775807, 512, 22",
        "0, 4, 4194304, 1, 22",
        "0, 6, 4194304, 1, 28",
        "0, 5, 4194304, 1, 22",
        "0, 0, 0, -1, 22",
        "0, 8, 0, 512, 22",
        "0, 65535, 0, 512, 22",
        "0, 7, 0, 512, 22",
        "4, 0, 0, 512, 22",
        "2, 0, 0, 512, 22",
        "16, 4, 0, 512, 22",
        "32, 0, 0, 512, 22",
        "32768, 3, 0, 0, 22"
    })
    void whatIsWrongIsRefusedAndTheConnectionGoesOn(
            final int flags, final int command, final long offset, final int length, final int error)
            throws IOException {
        client.simple("disk");

        assertEquals(error, client.ask(flags, command, offset, length).error());
        assertEquals(0, client.ask(0, FLUSH, 0, 0).error());
    }

    @Test
    void aWriteThatIsRefusedHasItsPayloadSkipped() throws IOException {
        client.simple("disk");
        client.send(RawClient.request(0, WRITE, 5, Served.SIZE - 512, 1 << 20));
        client.send(pattern(1 << 20, 1));

        assertEquals(new RawClient.Reply(ENOSPC, 5), client.reply());
        assertEquals(0, client.ask(0, FLUSH, 0, 0).error());
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "4", "5", "6"})
    void nothingIsDoneToNoBytes(final int command) throws IOException {
        client.simple("disk");

        assertEquals(0, client.ask(0, command, 512, 0).error());
    }

    @Test
    void aReadOnlyExportRefusesToBeChanged() throws Exception {
        served.server.add(served.layer, served.memory("cd", 4096), NbdExportOptions.readOnly("cd"));
        client.simple("cd");
        client.send(RawClient.request(0, WRITE, 5, 0, 512));
        client.send(pattern(512, 1));

        assertEquals(EPERM, client.reply().error());
        assertEquals(EPERM, client.ask(0, TRIM, 0, 512).error());
        assertEquals(EPERM, client.ask(0, WRITE_ZEROES, 0, 512).error());
        assertEquals(0, client.ask(0, READ, 0, 0).error());
    }

    @Test
    void zeroesReadAsZeros() throws IOException {
        client.simple("disk");
        write(0, 4096, 9);

        assertEquals(0, client.ask(NO_HOLE | FUA, WRITE_ZEROES, 512, 1024).error());
        assertEquals(0, client.ask(FAST_ZERO, WRITE_ZEROES, 2048, 512).error());
        assertEquals(0, client.ask(0, READ, 0, 4096).error());
        final byte[] read = client.receive(4096).array();
        assertEquals(9, read[511]);
        assertEquals(0, read[512]);
        assertEquals(0, read[1535]);
        assertEquals(9, read[1536]);
        assertEquals(0, read[2048]);
    }

    @Test
    void cacheAndTrimSucceed() throws IOException {
        client.simple("disk");

        assertEquals(0, client.ask(0, CACHE, 0, 3 << 20).error());
        assertEquals(0, client.ask(FUA, TRIM, 0, 1 << 20).error());
    }

    @Test
    void discEndsTheConnectionAfterWhatIsInFlight() throws Exception {
        final HeldDriver held = new HeldDriver();
        served.server.add(served.layer, served.node("held", held), NbdExportOptions.writable("held"));
        client.simple("held");
        client.send(RawClient.request(0, READ, 1, 0, 512));
        client.send(RawClient.request(0, DISC, 2, 0, 0));
        held.awaitArrivals(1);

        served.context.run(held::releaseAll);

        assertEquals(new RawClient.Reply(0, 1), client.reply());
        assertEquals(512, client.drain());
        assertEquals(0, served.complaints.size());
    }

    @ParameterizedTest
    @CsvSource({
        "IO_ERROR, 5",
        "NO_SPACE, 28",
        "NO_MEDIUM, 5",
        "MEDIUM_CHANGED, 5",
        "READ_ONLY, 1",
        "NOT_SUPPORTED, 95",
        "CANCELED, 108",
        "INVALID, 22"
    })
    void theErrorSaysHowTheRequestEnded(final Status status, final int error) throws Exception {
        final HeldDriver held = new HeldDriver();
        served.server.add(served.layer, served.node("held", held), NbdExportOptions.writable("held"));
        client.simple("held");
        client.send(RawClient.request(0, READ, 1, 0, 512));
        held.awaitArrivals(1);

        served.context.run(() -> held.failOldest(status));

        assertEquals(new RawClient.Reply(error, 1), client.reply());
    }

    @Test
    void trimWithFuaIsFollowedByAFlush() throws Exception {
        final HeldDriver held = new HeldDriver();
        served.server.add(
                served.layer,
                served.layer.addNode("held", served.context, NodeOptions.DEFAULTS.withDiscard(true), held, Map.of()),
                NbdExportOptions.writable("held"));
        client.simple("held");
        client.send(RawClient.request(FUA, TRIM, 1, 0, 512));
        held.awaitArrivals(1);

        served.context.run(held::releaseAll);

        assertEquals(new RawClient.Reply(0, 1), client.reply());
        assertEquals(List.of(Operation.DISCARD, Operation.FLUSH), held.seen());
    }

    // ---- structured replies ----

    @Test
    void aStructuredReadIsOneChunkWithItsOffset() throws IOException {
        client.structured("disk");

        client.send(RawClient.request(DF, READ, 1, 4096, 512));

        final RawClient.Chunk chunk = client.chunk();
        assertEquals(1, chunk.flags());
        assertEquals(1, chunk.type());
        assertEquals(4096, chunk.data().getLong());
        assertEquals(512, chunk.data().remaining());
    }

    @Test
    void aStructuredErrorAndSuccessAreSingleChunks() throws IOException {
        client.structured("disk");

        client.send(RawClient.request(0, READ, 1, Served.SIZE, 512));
        client.send(RawClient.request(0, FLUSH, 2, 0, 0));

        assertEquals(EINVAL, client.chunk().data().getInt());
        assertEquals(new RawClient.Chunk(1, 0, 2, ByteBuffer.allocate(0)), client.chunk());
    }

    @Test
    void blockStatusTellsHolesFromData() throws IOException {
        client.structured("disk");
        client.send(RawClient.request(0, WRITE, 5, 2 * CHUNK, 1));
        client.send(pattern(1, 1));
        client.chunk();

        client.send(RawClient.request(0, BLOCK_STATUS, 1, 0, 1 << 20));

        final RawClient.Chunk chunk = client.chunk();
        assertEquals(5, chunk.type());
        assertEquals(1, chunk.data().getInt());
        assertExtent(chunk.data(), 2 * CHUNK, 3);
        final int written = chunk.data().getInt();
        assertEquals(0, chunk.data().getInt());
        assertExtent(chunk.data(), (1 << 20) - 2 * CHUNK - written, 3);
        assertEquals(0, chunk.data().remaining());
    }

    private static void assertExtent(final ByteBuffer data, final int length, final int flags) {
        assertEquals(length, data.getInt());
        assertEquals(flags, data.getInt());
    }

    @Test
    void blockStatusOfOneExtentStopsAfterIt() throws IOException {
        client.structured("disk");
        client.send(RawClient.request(0, WRITE, 5, 2 * CHUNK, 1));
        client.send(pattern(1, 1));
        client.chunk();

        client.send(RawClient.request(REQ_ONE, BLOCK_STATUS, 1, CHUNK, 1 << 20));

        final RawClient.Chunk chunk = client.chunk();
        assertEquals(12, chunk.data().remaining());
        assertExtent(chunk.data().position(4), CHUNK, 3);
    }

    @Test
    void everyContextChosenHasAChunkOfItsOwn() throws Exception {
        served.server.add(
                served.layer,
                served.memory("deep", 1 << 20),
                NbdExportOptions.readOnly("deep").withAllocationDepth());
        client.greet();
        client.option(8);
        client.option(10, RawClient.contextData("deep", "base:allocation", "qemu:allocation-depth"));
        client.optionReply();
        client.optionReply();
        client.go("deep");

        client.send(RawClient.request(0, BLOCK_STATUS, 1, 0, 1 << 20));

        final RawClient.Chunk allocation = client.chunk();
        final RawClient.Chunk depth = client.chunk();
        assertEquals(0, allocation.flags());
        assertEquals(1, allocation.data().getInt());
        assertExtent(allocation.data(), 1 << 20, 3);
        assertEquals(1, depth.flags());
        assertEquals(2, depth.data().getInt());
        assertExtent(depth.data(), 1 << 20, 1);
    }

    // ---- extended headers ----

    @Test
    void extendedHeadersCarryReadsAndWrites() throws IOException {
        client.extended("disk");
        client.send(RawClient.wideRequest(PAYLOAD_LEN | FUA, WRITE, 4096, 512));
        client.send(pattern(512, 6));
        assertEquals(0, client.wideChunk().type());

        client.send(RawClient.wideRequest(0, READ, 4096, 512));

        final RawClient.Chunk chunk = client.wideChunk();
        assertEquals(1, chunk.type());
        assertEquals(4096, chunk.data().getLong());
        assertEquals(pattern(512, 6), chunk.data());
    }

    @Test
    void extendedBlockStatusHasWideExtents() throws IOException {
        client.extended("disk");

        client.send(RawClient.wideRequest(0, BLOCK_STATUS, 0, Served.SIZE));

        final RawClient.Chunk chunk = client.wideChunk();
        assertEquals(6, chunk.type());
        assertEquals(1, chunk.data().getInt());
        assertEquals(1, chunk.data().getInt());
        assertEquals(Served.SIZE, chunk.data().getLong());
        assertEquals(3, chunk.data().getLong());
    }

    @Test
    void extendedZeroesAndTrimsMayBeLongerThanAnyPayload() throws Exception {
        served.server.add(served.layer, served.memory("huge", 1L << 40), NbdExportOptions.writable("huge"));
        client.extended("huge");

        client.send(RawClient.wideRequest(0, WRITE_ZEROES, 0, 1L << 40));
        assertEquals(0, client.wideChunk().type());
        client.send(RawClient.wideRequest(0, TRIM, 0, 1L << 40));
        assertEquals(0, client.wideChunk().type());
    }

    @Test
    void blockStatusWithAPayloadAnswersForTheContextsInIt() throws IOException {
        client.extended("disk");
        client.send(RawClient.wideRequest(PAYLOAD_LEN, BLOCK_STATUS, 512, 12));
        client.send(ByteBuffer.allocate(12).putLong(1024).putInt(1).flip());

        final RawClient.Chunk chunk = client.wideChunk();

        assertEquals(1, chunk.data().getInt());
        assertEquals(1, chunk.data().getInt());
        assertEquals(1024, chunk.data().getLong());
    }

    @ParameterizedTest
    @CsvSource({"12, 1024, 2", "12, 0, 1", "12, 5000000, 1", "12, -1, 1", "11, 1024, 1", "0, 0, 0", "100000, 1, 1"})
    void blockStatusWithAWrongPayloadIsRefused(final int payload, final long length, final int context)
            throws IOException {
        client.extended("disk");
        client.send(RawClient.wideRequest(PAYLOAD_LEN, BLOCK_STATUS, 512, payload));
        client.send(ByteBuffer.allocate(Math.max(12, payload))
                .putLong(length)
                .putInt(context)
                .clear()
                .limit(payload));

        final RawClient.Chunk chunk = client.wideChunk();

        assertEquals(0x8001, chunk.type());
        assertEquals(EINVAL, chunk.data().getInt());
        client.send(RawClient.wideRequest(0, FLUSH, 0, 0));
        assertEquals(0, client.wideChunk().type());
    }

    @Test
    void aPayloadWhereNoneBelongsIsSkipped() throws IOException {
        client.extended("disk");
        client.send(RawClient.wideRequest(PAYLOAD_LEN, TRIM, 0, 600));
        client.send(pattern(600, 1));

        assertEquals(EINVAL, client.wideChunk().data().getInt());
        client.send(RawClient.wideRequest(0, FLUSH, 0, 0));
        assertEquals(0, client.wideChunk().type());
    }
}
