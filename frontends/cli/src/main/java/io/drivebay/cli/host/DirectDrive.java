package io.drivebay.cli.host;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.Permission;
import io.drivebay.sim.workload.BackendTarget;
import io.drivebay.sim.workload.IoTarget;

/** Nothing but a name in front of the backend: the layer by itself. */
public final class DirectDrive implements Drive {
    private final BlockBackend backend;

    private DirectDrive(final BlockBackend backend) {
        this.backend = backend;
    }

    /**
     * Takes a backend for itself.
     *
     * @throws BlockException IN_USE when others use the medium in a way that does not go together
     */
    public static DirectDrive on(final BlockBackend backend, final boolean writes) throws BlockException {
        final int reading = Permission.CONSISTENT_READ.bit();
        final int permissions = writes ? reading | Permission.WRITE.bit() : reading;
        final int shared = writes ? reading : Permission.ALL;
        backend.attachDevice(new Device(), permissions, shared);
        return new DirectDrive(backend);
    }

    @Override
    public IoTarget.Factory targets() {
        return BackendTarget.on(backend);
    }

    @Override
    public void close() throws BlockException {
        backend.detachDevice();
    }

    private static final class Device implements BlockDevice {
        @Override
        public String id() {
            return "workload";
        }
    }
}
