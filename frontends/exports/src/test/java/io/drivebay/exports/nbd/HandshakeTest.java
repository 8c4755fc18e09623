package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class HandshakeTest {
    private static final int ERR_UNSUP = 0x80000001;
    private static final int ERR_POLICY = 0x80000002;
    private static final int ERR_INVALID = 0x80000003;
    private static final int ERR_UNKNOWN = 0x80000006;
    private static final int ERR_EXT_HEADER_REQD = 0x8000000a;

    private Served served;
    private RawClient client;

    @BeforeEach
    void serve() throws Exception {
        served = new Served();
        served.server.add(
                served.layer,
                served.memory("a", Served.SIZE),
                NbdExportOptions.writable("disk").withDescription("a disk").withAllocationDepth());
        served.server.add(served.layer, served.memory("b", 512), NbdExportOptions.readOnly("cd"));
        client = served.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        served.close();
    }

    @Test
    void listNamesEveryExportWithItsDescription() throws IOException {
        client.greet();

        final RawClient.OptionReply first = client.option(3);
        final RawClient.OptionReply second = client.optionReply();

        assertEquals("cd", text(first, 4));
        assertEquals("diska disk", text(second, 4));
        assertEquals(RawClient.ACK, client.optionReply().type());
    }

    private static String text(final RawClient.OptionReply reply, final int from) {
        assertEquals(2, reply.type());
        return StandardCharsets.UTF_8.decode(reply.data().position(from)).toString();
    }

    @Test
    void infoTellsSizeFlagsAndBlockSizesAndLeavesTheHandshakeOpen() throws IOException {
        client.greet();

        final RawClient.OptionReply blocks = client.option(6, RawClient.goData("cd"));
        final RawClient.OptionReply export = client.optionReply();

        assertEquals(3, blocks.data().getShort());
        assertEquals(1, blocks.data().getInt());
        assertEquals(4096, blocks.data().getInt());
        assertEquals(32 << 20, blocks.data().getInt());
        assertEquals(0, export.data().getShort());
        assertEquals(512, export.data().getLong());
        assertEquals(0b101_0000_0111, export.data().getShort()); // HAS_FLAGS READ_ONLY FLUSH MULTI_CONN CACHE
        assertEquals(RawClient.ACK, client.optionReply().type());
        assertEquals(512, client.go("cd"));
    }

    @Test
    void infoGivesNameAndDescriptionWhenAskedForThem() throws IOException {
        client.greet();

        final RawClient.OptionReply name = client.option(6, RawClient.goData("disk", 1, 2));
        final RawClient.OptionReply description = client.optionReply();

        assertEquals(1, name.data().getShort(0));
        assertEquals(
                "disk", StandardCharsets.UTF_8.decode(name.data().position(2)).toString());
        assertEquals(
                "a disk",
                StandardCharsets.UTF_8.decode(description.data().position(2)).toString());
    }

    @ParameterizedTest
    @CsvSource({"3, 10", "2, 10", "1, 134", "0, 134"})
    void exportNameIsAnsweredWithThePaddingThatTheClientFlagsAskFor(final int flags, final int bytes)
            throws IOException {
        client.greet(flags);
        client.sendOption(1, "disk".getBytes(StandardCharsets.UTF_8));

        final ByteBuffer answer = client.receive(bytes);

        assertEquals(Served.SIZE, answer.getLong());
        assertEquals(0, client.ask(0, 3, 0, 0).error());
    }

    @Test
    void exportNameOfNoExportEndsTheConnection() throws IOException {
        client.greet();
        client.sendOption(1, "nothing".getBytes(StandardCharsets.UTF_8));

        assertEquals(0, client.drain());
        assertTrue(served.complaint().contains("asked for export 'nothing', which is not there"));
    }

    @Test
    void abortIsAcknowledgedAndEndsTheConnectionWithoutComplaint() throws IOException {
        client.greet();

        assertEquals(RawClient.ACK, client.option(2).type());
        assertEquals(0, client.drain());
        assertEquals(0, served.complaints.size());
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 0, 12, 0x7fffffff, -1})
    void unknownOptionsAreRefusedWhateverTheyCarry(final int option) throws IOException {
        client.greet();

        assertEquals(ERR_UNSUP, client.option(option, new byte[1000]).type());
        assertEquals(Served.SIZE, client.go("disk"));
    }

    @Test
    void startTlsWithoutTlsIsAgainstThePolicy() throws IOException {
        client.greet();

        assertEquals(ERR_POLICY, client.option(5).type());
    }

    @Test
    void goToNoExportIsRefusedAndAnotherGoWorks() throws IOException {
        client.greet();

        assertEquals(ERR_UNKNOWN, client.option(7, RawClient.goData("nothing")).type());
        assertEquals(Served.SIZE, client.go("disk"));
    }

    @Test
    void malformedGoDataIsInvalid() throws IOException {
        client.greet();

        assertEquals(ERR_INVALID, client.option(7).type());
        assertEquals(ERR_INVALID, client.option(7, new byte[] {0, 0, 0, 9, 'd'}).type());
        assertEquals(
                ERR_INVALID, client.option(7, new byte[] {-1, -1, -1, -1, 'd'}).type());
        assertEquals(
                ERR_INVALID,
                client.option(7, new byte[] {0, 0, 0, 1, (byte) 0xff, 0, 0}).type());
        assertEquals(
                ERR_INVALID,
                client.option(7, new byte[] {0, 0, 0, 1, 'd', 0, 9}).type());
        assertEquals(
                ERR_INVALID, client.option(7, new byte[] {0, 0, 0, 0, 0, 0, 9}).type());
    }

    @Test
    void optionsWithoutDataRefuseData() throws IOException {
        client.greet();

        assertEquals(ERR_INVALID, client.option(3, (byte) 1).type());
        assertEquals(ERR_INVALID, client.option(8, (byte) 1).type());
        assertEquals(ERR_INVALID, client.option(11, (byte) 1).type());
    }

    @Test
    void extendedHeadersReplaceStructuredRepliesAndNotTheOtherWayRound() throws IOException {
        client.greet();

        assertEquals(RawClient.ACK, client.option(8).type());
        assertEquals(ERR_INVALID, client.option(8).type());
        assertEquals(RawClient.ACK, client.option(11).type());
        assertEquals(ERR_INVALID, client.option(11).type());
        assertEquals(ERR_EXT_HEADER_REQD, client.option(8).type());
    }

    @Test
    void metaContextsNeedStructuredReplies() throws IOException {
        client.greet();

        assertEquals(
                ERR_INVALID,
                client.option(10, RawClient.contextData("disk", "base:allocation"))
                        .type());
    }

    @Test
    void metaContextsAreListedByNamespaceAndChosenByName() throws IOException {
        client.greet();
        client.option(8);

        assertEquals(4, client.option(9, RawClient.contextData("disk")).type());
        assertEquals(4, client.optionReply().type());
        assertEquals(RawClient.ACK, client.optionReply().type());
        assertEquals("base:allocation", context(client.option(9, RawClient.contextData("disk", "base:"))));
        assertEquals(RawClient.ACK, client.optionReply().type());
        assertEquals(
                RawClient.ACK,
                client.option(10, RawClient.contextData("disk", "base:")).type());
        assertEquals(
                "qemu:allocation-depth",
                context(client.option(10, RawClient.contextData("disk", "qemu:allocation-depth", "x:y"))));
        assertEquals(RawClient.ACK, client.optionReply().type());
    }

    private static String context(final RawClient.OptionReply reply) {
        assertEquals(4, reply.type());
        return StandardCharsets.UTF_8.decode(reply.data().position(4)).toString();
    }

    @Test
    void metaContextsOfNoExportAreUnknown() throws IOException {
        client.greet();
        client.option(8);

        assertEquals(
                ERR_UNKNOWN,
                client.option(10, RawClient.contextData("nothing", "base:allocation"))
                        .type());
    }

    @Test
    void contextsChosenForOneExportAreNotValidInAnother() throws IOException {
        client.greet();
        client.option(8);
        client.option(10, RawClient.contextData("cd", "base:allocation"));
        client.optionReply();
        client.go("disk");

        client.send(RawClient.request(0, 7, 1, 0, 512));

        final RawClient.Chunk chunk = client.chunk();
        assertEquals(0x8001, chunk.type());
        assertEquals(22, chunk.data().getInt());
    }

    @Test
    void theDefaultExportIsTheOneWithoutAName() throws Exception {
        served.with("");
        client.greet();

        assertEquals(Served.SIZE, client.go(""));
    }
}
