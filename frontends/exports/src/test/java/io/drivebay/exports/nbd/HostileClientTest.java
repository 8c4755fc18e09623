package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.VirtualClock;
import io.drivebay.exports.OffenceLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class HostileClientTest {
    private static final int READ = 0;
    private static final int WRITE = 1;
    private static final int FLUSH = 3;
    private static final int UNKNOWN = 99;

    private Served served;

    @BeforeEach
    void serve() throws Exception {
        served = new Served(NbdServerOptions.DEFAULT
                        .withMaxConnections(20)
                        .withHandshakeTimeout(Duration.ofSeconds(20))
                        .withInFlight(8, 4 << 20))
                .with("disk");
        served.server.add(served.layer, served.memory("large", 8 << 20), NbdExportOptions.writable("large"));
    }

    @AfterEach
    void stop() throws IOException {
        served.close();
    }

    /** Others notice nothing: a well-behaved client gets through and is served. */
    private void assertServes() throws IOException {
        try (RawClient other = served.connect()) {
            assertEquals(0, other.simple("disk").ask(0, FLUSH, 0, 0).error());
        }
    }

    private void assertDisconnected(final RawClient client, final String reason) throws IOException {
        client.drain();
        assertTrue(served.complaint().contains(reason), served.complaint());
        assertServes();
    }

    @Test
    void unknownClientFlagsEndTheConnection() throws IOException {
        try (RawClient client = served.connect()) {
            client.greet(0x13);

            assertDisconnected(client, "sent unknown client flags 0x13");
        }
    }

    @Test
    void anOptionWithoutItsMagicEndsTheConnection() throws IOException {
        try (RawClient client = served.connect()) {
            client.greet();
            client.send(ByteBuffer.wrap(new byte[16]));

            assertDisconnected(client, "sent an option without its magic number");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {(64 << 10) + 1, Integer.MAX_VALUE, -1})
    void anOptionTooLongEndsTheConnectionBeforeItsDataIsRead(final int length) throws IOException {
        try (RawClient client = served.connect()) {
            client.greet();
            client.send(ByteBuffer.allocate(16)
                    .putLong(RawClient.OPTION_MAGIC)
                    .putInt(7)
                    .putInt(length)
                    .flip());

            assertDisconnected(client, "bytes of data; at most 65536 are taken");
        }
    }

    @Test
    void endlessOptionsEndTheConnection() throws IOException {
        try (RawClient client = served.connect()) {
            client.greet();
            final ByteBuffer many = ByteBuffer.allocate(300 * 16);
            for (int i = 0; i < 300; i++) {
                many.putLong(RawClient.OPTION_MAGIC).putInt(1000).putInt(0);
            }
            client.send(many.flip());

            assertDisconnected(client, "sent more than 256 options");
        }
    }

    @Test
    void leavingInTheMiddleOfTheHandshakeIsNoted() throws IOException {
        try (RawClient client = served.connect()) {
            client.greet();
            client.send(ByteBuffer.wrap(new byte[] {'I', 'H'}));
            client.shutdownOutput();

            assertDisconnected(client, "left during the handshake");
        }
    }

    @Test
    void aRequestWithoutItsMagicEndsTheConnection() throws IOException {
        try (RawClient client = served.connect()) {
            client.simple("disk");
            client.send(RawClient.wideRequest(0, READ, 0, 512));

            assertDisconnected(client, "sent a request with magic number 0x21e41c71 instead of 0x25609513");
        }
    }

    @Test
    void aWriteLongerThanAnyPayloadEndsTheConnection() throws IOException {
        try (RawClient client = served.connect()) {
            client.simple("disk");
            client.send(RawClient.request(0, WRITE, 1, 0, (32 << 20) + 1));

            assertDisconnected(client, "sent command 1 with 33554433 bytes of payload; at most 33554432 are taken");
        }
    }

    @Test
    void anExtendedPayloadOfAlmostEverythingEndsTheConnection() throws IOException {
        try (RawClient client = served.connect()) {
            client.extended("disk");
            client.send(RawClient.wideRequest(32, WRITE, 0, -1));

            assertDisconnected(client, "with 18446744073709551615 bytes of payload");
        }
    }

    @Test
    void leavingInTheMiddleOfAWriteHarmsNobody() throws IOException {
        try (RawClient client = served.connect()) {
            client.simple("disk");
            client.send(RawClient.request(0, WRITE, 1, 0, 1 << 20));
            client.send(ByteBuffer.allocate(1000));
        }
        assertServes();
    }

    @Test
    void aClientThatReadsNothingHoldsUpOnlyItself() throws IOException {
        try (RawClient client = served.connect()) {
            client.simple("disk");
            final ByteBuffer reads = ByteBuffer.allocate(64 * 28);
            for (int i = 0; i < 64; i++) {
                reads.put(RawClient.request(0, READ, i, 0, 1 << 20));
            }
            client.send(reads.flip());

            assertServes();
            long sum = 0;
            for (int i = 0; i < 64; i++) {
                sum += client.reply().cookie();
                client.receive(1 << 20);
            }
            assertEquals(63 * 32, sum);
        }
    }

    @Test
    void whatIsInFlightStaysWithinItsLimits() throws Exception {
        final HeldDriver held = new HeldDriver();
        served.server.add(served.layer, served.node("held", held), NbdExportOptions.writable("held"));
        try (RawClient client = served.connect()) {
            client.simple("held");
            for (int i = 0; i < 100; i++) {
                client.send(RawClient.request(0, READ, i, 0, 4096));
            }
            held.awaitArrivals(8);
            assertServes();
            assertEquals(8, held.holding());
        }
        served.context.run(held::open);
    }

    @Test
    void bytesInFlightStayWithinTheirLimit() throws Exception {
        final HeldDriver held = new HeldDriver();
        served.server.add(served.layer, served.node("held", held), NbdExportOptions.writable("held"));
        try (RawClient client = served.connect()) {
            client.simple("held");
            for (int i = 0; i < 5; i++) {
                client.send(RawClient.request(0, READ, i, 0, 2 << 20));
            }
            held.awaitArrivals(2);
            assertServes();
            assertEquals(2, held.holding());

            served.context.run(held::releaseAll);
            client.reply();
            client.receive(2 << 20);
            client.reply();
            client.receive(2 << 20);
            held.awaitArrivals(2);
        }
        served.context.run(held::open);
    }

    @Test
    void aRequestBeyondTheLimitIsTakenOnceThoseWithoutDataHaveEnded() throws IOException {
        try (RawClient client = served.connect()) {
            client.simple("large");
            client.send(ByteBuffer.allocate(2 * 28)
                    .put(RawClient.request(0, FLUSH, 1, 0, 0))
                    .put(RawClient.request(0, WRITE, 2, 0, 5 << 20))
                    .flip());
            client.send(ByteBuffer.allocate(5 << 20));

            assertEquals(1, client.reply().cookie());
            assertEquals(2, client.reply().cookie());
        }
    }

    @Test
    void leavingInTheMiddleOfAWriteBeyondTheLimitEndsTheConnection() throws IOException {
        try (RawClient client = served.connect()) {
            client.simple("large");
            client.blurt(ByteBuffer.allocate(2 * 28)
                    .put(RawClient.request(0, UNKNOWN, 1, 0, 0))
                    .put(RawClient.request(0, WRITE, 2, 0, 5 << 20))
                    .flip());

            assertEquals(16, client.drain());
        }
        assertServes();
    }

    @Test
    void clientsThatComeAndGoWithRequestsInFlightLeaveNothingBehind() throws Exception {
        final HeldDriver held = new HeldDriver();
        final NbdExport export =
                served.server.add(served.layer, served.node("held", held), NbdExportOptions.writable("held"));
        for (int i = 0; i < 15; i++) {
            try (RawClient client = served.connect()) {
                client.simple("held");
                client.send(RawClient.request(0, READ, i, 0, 4096));
                held.awaitArrivals(1);
            }
        }
        served.context.run(held::releaseAll);

        served.server.remove("held", NbdServer.RemoveMode.HARD);

        assertEquals(0, export.backend().references());
    }

    @Test
    void clientsThatSayNothingMakeRoomForOneThatDoes() throws IOException {
        final List<RawClient> idle = new ArrayList<>();
        try {
            for (int i = 0; i < 60; i++) {
                idle.add(served.connect());
            }
            assertServes();
        } finally {
            for (final RawClient client : idle) {
                client.close();
            }
        }
        assertTrue(served.complaint().contains("the handshake took longer than 1000 ms"), served.complaint());
    }

    @Test
    void tenThousandConnectionsOneAfterAnotherAreServed() throws IOException {
        for (int i = 0; i < 10_000; i++) {
            served.connect().close();
        }
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noiseEndsInADisconnectAndNothingElse(final long seed) throws IOException {
        final Random random = new Random(seed);
        for (int i = 0; i < 50; i++) {
            final byte[] noise = new byte[1 + random.nextInt(200)];
            random.nextBytes(noise);
            try (RawClient client = served.connect()) {
                client.simple("disk");
                final ByteBuffer request = RawClient.request(
                        random.nextInt(64), random.nextInt(10), i, random.nextInt(1 << 24), random.nextInt(1 << 20));
                client.blurt(random.nextBoolean() ? ByteBuffer.wrap(noise) : request, ByteBuffer.wrap(noise));
                client.drain();
            }
        }
        assertServes();
    }

    @Test
    void theLogTellsSoManyTimesASecondAndThenHowManyMore() {
        final VirtualClock clock = new VirtualClock();
        final List<String> lines = new ArrayList<>();
        final OffenceLog log = new OffenceLog(clock, "NBD client", lines::add);
        for (int i = 0; i < 1000; i++) {
            log.disconnected("x", "noise");
        }
        clock.advance(TimeUnit.SECONDS.toNanos(1));
        log.disconnected("y", "more noise");

        assertEquals(22, lines.size());
        assertEquals("980 more NBD clients were disconnected than the log has lines for", lines.get(20));
        assertEquals("NBD client y disconnected: more noise", lines.get(21));
    }
}
