package io.drivebay.cli.host;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;

/** What stands between a workload and a backend. */
public enum Frontend {
    /** A virtio block device and a guest's driver for it. */
    VIRTIO_BLK("virtio-blk") {
        @Override
        public Drive attach(final BlockBackend backend, final Load load) throws BlockException {
            return GuestDrive.on(backend, load);
        }
    },
    /** Nothing. */
    BACKEND("backend") {
        @Override
        public Drive attach(final BlockBackend backend, final Load load) throws BlockException {
            return DirectDrive.on(backend, load.writes());
        }
    };

    private final String spelling;

    Frontend(final String spelling) {
        this.spelling = spelling;
    }

    /**
     * Puts it in front of a backend that has a medium.
     *
     * @throws BlockException IN_USE when others use the medium in a way that does not go together
     * @throws IllegalArgumentException when it cannot bear the load
     */
    public abstract Drive attach(BlockBackend backend, Load load) throws BlockException;

    @Override
    public String toString() {
        return spelling;
    }
}
