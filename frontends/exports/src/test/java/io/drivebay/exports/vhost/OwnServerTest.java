package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.posix.PortOptions;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.BlkQueue;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioFeature;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Our server, and what others do not have. */
final class OwnServerTest extends VhostUserContract {
    private VhostServed served;

    @BeforeEach
    void serve() throws BlockException, IOException {
        served = VhostServed.withQueues();
    }

    @AfterEach
    void end() throws BlockException, IOException {
        served.close();
        assertEquals(List.of(), List.copyOf(served.complaints));
    }

    @Override
    protected String path() {
        return served.path;
    }

    @Test
    void theDriverReadsTheSerial() throws IOException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            assertEquals("serial-1", guest.disk().id());
        }
    }

    @Test
    void theNextClientIsLetInWhenTheLastIsGone() throws IOException {
        final VhostUserGuest first = guest(OPTIONS);
        assertTrue(served.server.hasClient());
        first.vanish();
        try (VhostUserGuest second = guest(OPTIONS)) {
            assertEquals(BlkStatus.OK, second.disk().read(0, new byte[512]));
        }
        Eventually.holds("an export without a client", () -> !served.server.hasClient());
    }

    @Test
    void x4ANewCapacityIsAnnouncedAfterItCanBeRead() throws IOException, BlockException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            served.layer.resize(served.disk, 2 * VhostServed.SIZE);
            Eventually.holds("a configuration change", guest.driver()::refreshConfig);
            assertEquals(2 * VhostServed.SIZE, guest.driver().config().capacityBytes());
            assertEquals(BlkStatus.OK, guest.disk().read(2 * VhostServed.SIZE - 512, new byte[512]));
        }
    }

    @Test
    void x4AnotherDiskIsSeenByTheRunningGuest() throws IOException, BlockException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            final byte[] mark = new byte[512];
            mark[0] = 77;
            assertEquals(BlkStatus.OK, guest.disk().write(0, mark));
            served.layer.changeMedium(served.server.backend(), served.memory("other", VhostServed.SIZE / 2));
            Eventually.holds("a configuration change", guest.driver()::refreshConfig);
            assertEquals(VhostServed.SIZE / 2, guest.driver().config().capacityBytes());
            final byte[] read = new byte[512];
            assertEquals(BlkStatus.OK, guest.disk().read(0, read));
            assertArrayEquals(new byte[512], read);
        }
    }

    @Test
    void x4MemoryMayBePassedAnewWhileQueuesRun() throws IOException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            for (int i = 0; i < 4; i++) {
                assertEquals(BlkStatus.OK, guest.disk().write(512L * i, new byte[512]));
                guest.transport().passMemoryAgain();
            }
            assertEquals(BlkStatus.OK, guest.disk().read(0, new byte[65_536]));
        }
    }

    @Test
    void theWriteCacheCanBeTurnedOff() throws IOException {
        try (VhostUserGuest guest = guest(OPTIONS)) {
            assertTrue(served.server.backend().writeCache());
            guest.driver().writeback(false);
            assertTrue(!served.server.backend().writeCache());
        }
        Eventually.holds(
                "the cache as it was before", () -> served.server.backend().writeCache());
    }

    @Test
    void aDriverWithoutConfigWceHasNoSwitch() throws IOException {
        try (VhostUserGuest guest = guest(OPTIONS.without(VirtioFeature.BLK_CONFIG_WCE))) {
            assertEquals(BlkStatus.OK, guest.disk().flush());
        }
    }

    @Test
    void aServerThatEndsAnswersWhatIsInFlight() throws IOException, BlockException {
        final String path = served.path + "-slow";
        final BlockNode slow = new Blockdevs(served.layer)
                .add(
                        served.context,
                        Map.of("driver", "null-co", "node-name", "slow", "size", 4096, "latency-ns", 500_000_000));
        final VhostUserBlkServer server =
                VhostUserBlkServer.listen(served.layer, slow, VhostUserBlkOptions.of("slow"), path);
        final VhostUserGuest guest = VhostUserGuest.start(path, DriverOptions.of(8, 4096), pause());
        final BlkQueue queue = guest.driver().queue(0);
        queue.read(0, 0, 4096);
        queue.kick();
        Eventually.holds(
                "a request in flight",
                () -> served.context.<Boolean>call(() -> server.backend().pending() > 0));

        server.close();

        assertEquals(1, queue.poll((slot, status, usedBytes) -> assertEquals(BlkStatus.OK, status)));
        guest.vanish();
    }

    @Test
    void threadsServeAsIoUringDoes() throws IOException, BlockException {
        try (VhostServed threads = new VhostServed(
                        PortOptions.DEFAULT.with(PortOptions.Engine.THREADS), options -> options.withQueues(4));
                VhostUserGuest guest = VhostUserGuest.start(threads.path, OPTIONS, pause())) {
            assertEquals(BlkStatus.OK, guest.disk().write(0, new byte[65_536]));
            assertEquals(BlkStatus.OK, guest.disk().read(0, new byte[65_536]));
        }
    }
}
