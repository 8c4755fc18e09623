package io.drivebay.sim.vhost;

import io.drivebay.posix.PosixException;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.virtio.BlkDisk;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioBlkDriver;
import io.drivebay.sim.workload.IoTarget;
import io.drivebay.sim.workload.VirtioBlkTarget;

/** A guest with one block device behind a vhost-user socket, and its driver, up and running. */
public final class VhostUserGuest implements AutoCloseable {
    private static final long BASE_RAM_BYTES = 1 << 20;
    private static final long CONTROL_BYTES_PER_SLOT = 8192;

    private final SharedMemory memory;
    private final VhostUserTransport transport;
    private final VirtioBlkDriver driver;

    private VhostUserGuest(
            final SharedMemory memory, final VhostUserTransport transport, final VirtioBlkDriver driver) {
        this.memory = memory;
        this.transport = transport;
        this.driver = driver;
    }

    /**
     * Connects to a device with as much memory as the driver needs, and starts the driver.
     *
     * @param pause what the driver does while it waits
     * @throws IllegalStateException when driver and device do not go together
     */
    public static VhostUserGuest start(final String path, final DriverOptions options, final Pause pause)
            throws PosixException {
        final long perSlot = options.slotBytes() + CONTROL_BYTES_PER_SLOT;
        final long needed = BASE_RAM_BYTES + perSlot * options.slots() * options.queues();
        return start(path, SharedMemory.create((needed + BASE_RAM_BYTES) & -BASE_RAM_BYTES), options, pause);
    }

    /** As {@link #start(String, DriverOptions, Pause)}, in memory that is at hand, and goes with the guest. */
    public static VhostUserGuest start(
            final String path, final SharedMemory memory, final DriverOptions options, final Pause pause)
            throws PosixException {
        VhostUserTransport transport = null;
        try {
            transport = VhostUserTransport.connect(path, memory);
            return new VhostUserGuest(
                    memory, transport, VirtioBlkDriver.start(transport, memory.ram(), options, pause));
        } catch (final PosixException | RuntimeException e) {
            if (transport != null) {
                transport.close();
            }
            memory.close();
            throw e;
        }
    }

    public VhostUserTransport transport() {
        return transport;
    }

    public SharedMemory memory() {
        return memory;
    }

    public VirtioBlkDriver driver() {
        return driver;
    }

    /** The device as a disk for one request after the other. */
    public BlkDisk disk() {
        return new BlkDisk(driver);
    }

    /** The device as the target of a workload. */
    public IoTarget.Factory targets() {
        return VirtioBlkTarget.on(driver);
    }

    /** Leaves without a word, as a process that is killed does; the memory stays until the end of its users. */
    public void vanish() {
        transport.close();
        memory.close();
    }

    /** Stops the driver and leaves. */
    @Override
    public void close() {
        driver.stop();
        vanish();
    }
}
