package io.drivebay.cli.host;

import io.drivebay.backend.context.SystemClock;
import io.drivebay.posix.PosixException;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.vhost.VhostUserGuest;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.workload.IoTarget;
import java.util.LinkedHashMap;
import java.util.Map;

/** A disk that another process serves over a vhost-user socket, and a guest's driver for it here. */
public final class RemoteDrive implements Drive {
    private static final long DEVICE_TIMEOUT_NS = 30_000_000_000L;

    private final VhostUserGuest guest;

    private RemoteDrive(final VhostUserGuest guest) {
        this.guest = guest;
    }

    /** Asks how long the disk behind a socket is. */
    public static long lengthBytes(final String socket) throws PosixException {
        try (RemoteDrive drive = start(socket, DriverOptions.of(1, 4096))) {
            return drive.guest.driver().config().capacityBytes();
        }
    }

    /**
     * Connects to a socket and starts the guest's driver.
     *
     * @throws IllegalStateException when the device has fewer queues, or smaller ones, than the load needs
     */
    public static RemoteDrive connect(final String socket, final Load load) throws PosixException {
        return start(socket, DriverOptions.of(load.depth(), load.requestBytes()).withQueues(load.jobs()));
    }

    private static RemoteDrive start(final String socket, final DriverOptions options) throws PosixException {
        return new RemoteDrive(
                VhostUserGuest.start(socket, options, Pause.spinning(SystemClock.INSTANCE, DEVICE_TIMEOUT_NS)));
    }

    /** What a report says of it. */
    public static Map<String, String> info(final String socket, final long lengthBytes) {
        final Map<String, String> info = new LinkedHashMap<>();
        info.put("frontend", "vhost-user");
        info.put("medium", socket);
        info.put("length", Long.toString(lengthBytes));
        return info;
    }

    @Override
    public IoTarget.Factory targets() {
        return guest.targets();
    }

    @Override
    public void close() {
        guest.close();
    }
}
