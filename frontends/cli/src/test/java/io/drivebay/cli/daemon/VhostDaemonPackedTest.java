package io.drivebay.cli.daemon;

import io.drivebay.sim.virtio.VirtioFeature;

/** The daemon's disks by packed rings. */
final class VhostDaemonPackedTest extends VhostDaemonContract {
    VhostDaemonPackedTest() {
        super(VirtioFeature.RING_PACKED);
    }
}
