package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.posix.PosixException;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.vhost.SharedMemory;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.BlkQueue;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.DeviceViolation;
import io.drivebay.sim.virtio.DriverOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that cuts off the memory that it shares while it is in use ends itself, and not the server. */
@Timeout(120)
final class CutMemoryTest {
    private static final int SLOTS = 16;
    private static final int RAM_BYTES = 4 << 20;

    @TempDir
    private Path folder;

    @Test
    void memoryThatCanBeSealedCannotBeCut() throws IOException, BlockException {
        try (VhostServed served = VhostServed.withQueues();
                VhostUserGuest guest =
                        VhostUserGuest.start(served.path, VhostUserContract.OPTIONS, VhostUserContract.pause())) {
            assertEquals(
                    "EPERM",
                    assertThrows(
                                    PosixException.class,
                                    () -> guest.memory().file().truncate(0))
                            .errnoName());
            assertEquals(BlkStatus.OK, guest.disk().read(0, new byte[512]));
        }
    }

    /** Cut before anything, in the middle of the rings' use, and after the server's code has been compiled. */
    @ParameterizedTest
    @ValueSource(ints = {0, 100, 30_000})
    void memoryThatIsCutEndsItsClientAndNothingElse(final int requests) throws IOException {
        final String socket = folder.resolve("socket").toString();
        final Path image = Files.write(folder.resolve("disk.img"), new byte[1 << 20]);
        try (ServerProcess server = ServerProcess.start(socket, image)) {
            for (int round = 0; round < 3; round++) {
                final SharedMemory memory = SharedMemory.createUnsealable(RAM_BYTES);
                final VhostUserGuest guest =
                        VhostUserGuest.start(socket, memory, DriverOptions.of(SLOTS, 4096), VhostUserContract.pause());
                final int[] completed = {0};
                final BlkQueue queue = guest.driver().queue(0);
                final BlkQueue.Listener again = (slot, status, usedBytes) -> {
                    completed[0]++;
                    queue.read(slot, 0, 4096);
                };
                for (int slot = 0; slot < SLOTS; slot++) {
                    queue.read(slot, 0, 4096);
                }
                Eventually.holds("so many completions", () -> {
                    queue.kick();
                    queue.poll(again);
                    return completed[0] >= requests;
                });
                memory.file().truncate(0);
                Eventually.holds("a disconnection", () -> {
                    guest.transport().notify(0);
                    return isGone(guest);
                });
                guest.vanish();
            }
            try (VhostUserGuest next =
                    VhostUserGuest.start(socket, DriverOptions.of(SLOTS, 4096), VhostUserContract.pause())) {
                final GuestBuffer data = next.driver().queue(0).data(0);
                assertTrue(data.length() > 0);
                assertEquals(BlkStatus.OK, next.disk().write(0, new byte[4096]));
            }
            assertTrue(server.alive());
        }
    }

    private static boolean isGone(final VhostUserGuest guest) {
        try {
            guest.transport().config(0, 4);
            return false;
        } catch (final DeviceViolation | UncheckedIOException e) {
            return true;
        }
    }
}
