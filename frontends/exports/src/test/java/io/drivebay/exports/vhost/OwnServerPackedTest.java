package io.drivebay.exports.vhost;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.sim.virtio.VirtioFeature;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Our server and packed rings. */
final class OwnServerPackedTest extends VhostUserContract {
    private VhostServed served;

    OwnServerPackedTest() {
        super(VirtioFeature.RING_PACKED);
    }

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
}
