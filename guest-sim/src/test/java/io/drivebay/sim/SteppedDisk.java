package io.drivebay.sim;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.sim.guest.Attachment;
import io.drivebay.sim.guest.VirtioBlkGuest;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.virtio.blk.BlkOptions;

/** A layer, a stepped context, a disk in memory and a backend on it. */
public final class SteppedDisk implements AutoCloseable {
    public final VirtualClock clock = new VirtualClock();
    public final IoContext context = IoContext.stepped("test", clock);
    public final BlockLayer layer = new BlockLayer();
    public final MemoryDisk disk;
    public final BlockBackend backend;

    public SteppedDisk(final int bytes) throws BlockException {
        disk = new MemoryDisk(bytes);
        backend = disk.backend(layer, context);
    }

    /** A guest with a virtio block device on the backend. */
    public VirtioBlkGuest guest(final BlkOptions device, final DriverOptions driver) throws BlockException {
        return VirtioBlkGuest.start(backend, device, driver, Pause.stepping(context, clock));
    }

    /** The same in another place of the machine. */
    public VirtioBlkGuest guest(final Attachment attachment, final BlkOptions device, final DriverOptions driver)
            throws BlockException {
        return VirtioBlkGuest.start(attachment, backend, device, driver, Pause.stepping(context, clock));
    }

    @Override
    public void close() {
        layer.close();
    }
}
