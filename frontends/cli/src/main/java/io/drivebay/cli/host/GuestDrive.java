package io.drivebay.cli.host;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.sim.guest.VirtioBlkGuest;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.workload.IoTarget;
import io.drivebay.virtio.blk.BlkOptions;

/** A virtio block device in a machine, and the guest's driver for it. */
public final class GuestDrive implements Drive {
    static final int MOST_DEPTH = 1024;
    static final int MOST_JOBS = 256;

    private static final int LEAST_QUEUE = 256;
    private static final long DEVICE_TIMEOUT_NS = 30_000_000_000L;

    private final VirtioBlkGuest guest;

    private GuestDrive(final VirtioBlkGuest guest) {
        this.guest = guest;
    }

    /**
     * Puts a device on a backend that has a medium, and starts the guest's driver.
     *
     * @throws BlockException IN_USE when others use the medium in a way that does not go together
     * @throws IllegalArgumentException when a virtio device cannot bear the load
     */
    public static GuestDrive on(final BlockBackend backend, final Load load) throws BlockException {
        if (load.depth() > MOST_DEPTH || load.jobs() > MOST_JOBS) {
            throw new IllegalArgumentException("virtio-blk has queues for " + MOST_DEPTH + " requests and " + MOST_JOBS
                    + " jobs at most; more go with --frontend backend");
        }
        final BlkOptions device = BlkOptions.of("disk")
                .withQueues(load.jobs(), Math.max(LEAST_QUEUE, powerOfTwo(load.depth())))
                .withProcessing(
                        BlkOptions.Processing.CONTEXT); // leaves the guest's thread to the guest: a third faster
        final DriverOptions driver =
                DriverOptions.of(load.depth(), load.requestBytes()).withQueues(load.jobs());
        final Pause pause = Pause.spinning(backend.context().clock(), DEVICE_TIMEOUT_NS);
        return new GuestDrive(VirtioBlkGuest.start(backend, device, driver, pause));
    }

    private static int powerOfTwo(final int least) {
        return least <= 2 ? 2 : Integer.highestOneBit(least - 1) << 1;
    }

    @Override
    public IoTarget.Factory targets() {
        return guest.targets();
    }

    @Override
    public void close() throws BlockException {
        guest.close();
    }
}
