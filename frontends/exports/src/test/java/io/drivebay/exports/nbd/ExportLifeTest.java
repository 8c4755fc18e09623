package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.request.Operation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class ExportLifeTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int FLUSH = 3;

    private Served served;
    private RawClient client;
    private HeldDriver held;
    private NbdExport export;

    @BeforeEach
    void serve() throws Exception {
        served = new Served();
        held = new HeldDriver();
        export = served.server.add(served.layer, served.node("held", held), NbdExportOptions.writable("held"));
        client = served.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        served.close();
    }

    private static BlockException assertRefused(final Kind kind, final org.junit.jupiter.api.function.Executable work) {
        final BlockException refusal = assertThrows(BlockException.class, work);
        assertEquals(kind, refusal.kind());
        return refusal;
    }

    @Test
    void safeRemovalIsRefusedWhileThereAreClients() throws Exception {
        client.simple("held").ask(0, FLUSH, 0, 0);

        assertRefused(Kind.IN_USE, () -> served.server.remove("held", NbdServer.RemoveMode.SAFE));
        assertEquals(0, client.ask(0, FLUSH, 0, 0).error());
    }

    @Test
    void safeRemovalWithoutClientsGivesTheNodeBack() throws Exception {
        served.server.remove("held", NbdServer.RemoveMode.SAFE);

        assertTrue(export.backend().dead());
        served.layer.deleteNode("held");
        assertRefused(Kind.NOT_FOUND, () -> served.server.remove("held", NbdServer.RemoveMode.SAFE));
    }

    @Test
    void hardRemovalAnswersWhatIsInFlightThenFlushesAndDisconnects() throws Exception {
        client.simple("held");
        client.send(RawClient.request(0, WRITE, 1, 0, 512));
        client.send(ByteBuffer.allocate(512));
        held.awaitArrivals(1);

        final CompletableFuture<Void> removal = CompletableFuture.runAsync(this::removeHard);
        served.context.run(held::releaseAll);

        assertEquals(new RawClient.Reply(0, 1), client.reply());
        assertEquals(0, client.drain());
        removal.join();
        assertTrue(export.backend().dead());
        assertEquals(List.of(Operation.WRITE, Operation.FLUSH), held.seen());
    }

    private void removeHard() {
        try {
            served.server.remove("held", NbdServer.RemoveMode.HARD);
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aChangedMediumSendsClientsAwayAndNewOnesSeeTheNewOne() throws Exception {
        client.simple("held").ask(0, FLUSH, 0, 0);
        final BlockNode other = served.memory("other", 1 << 20);

        served.layer.changeMedium(export.backend(), other);

        assertEquals(0, client.drain());
        assertTrue(served.complaint().contains("the medium has changed"), served.complaint());
        try (RawClient next = served.connect()) {
            assertEquals(1 << 20, next.greet().go("held"));
        }
    }

    @Test
    void withoutAMediumNobodyGetsIn() throws Exception {
        served.layer.removeMedium(export.backend());

        assertEquals(
                0x80000002, client.greet().option(7, RawClient.goData("held")).type());
    }

    @Test
    void aRootReplacedByOneOfTheSameContentKeepsClients() throws Exception {
        client.simple("held").ask(0, FLUSH, 0, 0);

        served.layer.replaceRoot(export.backend(), served.memory("same", Served.SIZE));

        assertEquals(0, client.ask(0, READ, 0, 512).error());
    }

    @Test
    void nothingIsSubmittedWhileDrainedAndEverythingAfterwards() throws Exception {
        client.simple("held").ask(0, FLUSH, 0, 0);
        final BlockLayer.Drain drain = served.layer.drain(export.backend());
        client.send(RawClient.request(0, READ, 1, 0, 512));
        try (RawClient other = served.connect()) {
            other.greet().option(6, RawClient.goData("held")); // time enough to go wrong
        }
        assertEquals(0, held.holding());
        drain.close();
        held.awaitArrivals(1);
        served.context.run(held::releaseAll);

        assertEquals(new RawClient.Reply(0, 1), client.reply());
    }

    @Test
    void aWriteWhosePayloadComesDuringADrainIsHeldBack() throws Exception {
        client.simple("held");
        client.send(RawClient.request(0, WRITE, 1, 0, 512));
        client.send(ByteBuffer.allocate(100));
        served.context.run(() -> {});
        final BlockLayer.Drain drain = served.layer.drain(export.backend());
        client.send(ByteBuffer.allocate(412));
        served.context.run(() -> {});
        assertEquals(0, held.holding());
        drain.close();
        held.awaitArrivals(1);
        served.context.run(held::releaseAll);

        assertEquals(new RawClient.Reply(0, 1), client.reply());
    }

    @Test
    void aWritableExportOfAReadOnlyNodeIsRefused() throws Exception {
        final BlockNode node = served.layer.addNode(
                "ro", served.context, NodeOptions.DEFAULTS.withReadOnly(true), new HeldDriver(), Map.of());

        final BlockException refusal = assertRefused(
                Kind.INVALID_OPTION, () -> served.server.add(served.layer, node, NbdExportOptions.writable("ro")));

        assertEquals("cannot export node 'ro' as 'ro' writable: it is read-only", refusal.getMessage());
        served.server.add(served.layer, node, NbdExportOptions.readOnly("ro"));
    }

    @Test
    void twoExportsCannotHaveOneName() throws Exception {
        final BlockNode node = served.memory("m", 512);

        assertRefused(Kind.BAD_NAME, () -> served.server.add(served.layer, node, NbdExportOptions.writable("held")));
    }

    @Test
    void oneNodeMayBeExportedTwice() throws Exception {
        final BlockNode node = served.memory("m", 4096);
        served.server.add(served.layer, node, NbdExportOptions.writable("m1"));
        served.server.add(served.layer, node, NbdExportOptions.readOnly("m2"));
        client.simple("m1");
        client.send(RawClient.request(0, WRITE, 1, 0, 1));
        client.send(ByteBuffer.wrap(new byte[] {42}));
        client.reply();

        try (RawClient reader = served.connect()) {
            assertEquals(0, reader.simple("m2").ask(0, READ, 0, 1).error());
            assertEquals(42, reader.receive(1).get());
        }
    }

    @Test
    void theLastClientThatLeavesIsTold() throws Exception {
        final CountDownLatch deserted = new CountDownLatch(1);
        served.server.whenDeserted(deserted::countDown);
        client.simple("held").ask(0, FLUSH, 0, 0);
        assertEquals(1, deserted.getCount());

        client.close();

        deserted.await();
    }

    @Test
    void closingTheServerRemovesItsSocketAndASecondServerMayTakeALeftOne() throws Exception {
        assertTrue(Files.exists(served.socket));
        assertRefused(Kind.IO, () -> served.server.listen(served.address));

        served.server.close();

        assertFalse(Files.exists(served.socket));
    }
}
