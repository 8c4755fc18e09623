package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.posix.PosixException;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.BlkStatus;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client cannot cut off the memory that it shares while it is in use. */
@Timeout(120)
final class CutMemoryTest {
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
}
