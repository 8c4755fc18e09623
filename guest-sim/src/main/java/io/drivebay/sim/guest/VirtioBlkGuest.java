package io.drivebay.sim.guest;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.context.Clock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.sim.machine.GuestInterrupt;
import io.drivebay.sim.machine.Machine;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.virtio.BlkDisk;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioBlkDriver;
import io.drivebay.sim.workload.IoTarget;
import io.drivebay.sim.workload.VirtioBlkTarget;
import io.drivebay.sim.workload.WorkloadSpec;
import io.drivebay.virtio.blk.BlkOptions;
import io.drivebay.virtio.blk.VirtioBlk;

/**
 * A machine with one virtio block device and its driver, up and running:
 *
 * <pre>
 *   try (VirtioBlkGuest guest = VirtioBlkGuest.start(backend, BlkOptions.of("disk"), DriverOptions.of(32, 4096), pause)) {
 *       guest.disk().write(0, bytes);
 *   }
 * </pre>
 */
public final class VirtioBlkGuest implements AutoCloseable {
    private static final long BASE_RAM_BYTES = 1 << 20;
    private static final long CONTROL_BYTES_PER_SLOT = 8192;

    private final Machine machine;
    private final GuestInterrupt interrupt;
    private final VirtioBlk device;
    private final VirtioBlkDriver driver;

    private VirtioBlkGuest(
            final Machine machine,
            final VirtioBlk device,
            final Attachment attachment,
            final DriverOptions driverOptions,
            final Pause pause) {
        this.machine = machine;
        this.device = device;
        final Attachment.Attached attached = attachment.attach(machine, device);
        this.interrupt = attached.interrupt();
        this.driver = VirtioBlkDriver.start(attached.transport(), machine.ram(), driverOptions, pause);
    }

    /** As {@link #start(Attachment, BlockBackend, BlkOptions, DriverOptions, Pause)}, over MMIO. */
    public static VirtioBlkGuest start(
            final BlockBackend backend,
            final BlkOptions deviceOptions,
            final DriverOptions driverOptions,
            final Pause pause)
            throws BlockException {
        return start(Attachment.MMIO, backend, deviceOptions, driverOptions, pause);
    }

    /**
     * Puts a device on a backend, in a machine with as much memory as the driver needs, and starts the driver.
     *
     * @param attachment how the device sits in the machine
     * @param pause what the driver does while it waits
     * @throws BlockException when the backend cannot have the device
     * @throws IllegalStateException when driver and device do not go together; then the device is detached again
     */
    public static VirtioBlkGuest start(
            final Attachment attachment,
            final BlockBackend backend,
            final BlkOptions deviceOptions,
            final DriverOptions driverOptions,
            final Pause pause)
            throws BlockException {
        final long perSlot = driverOptions.slotBytes() + CONTROL_BYTES_PER_SLOT;
        final long needed = BASE_RAM_BYTES + perSlot * driverOptions.slots() * driverOptions.queues();
        final Machine machine = new Machine((needed + BASE_RAM_BYTES) & -BASE_RAM_BYTES);
        final VirtioBlk device = VirtioBlk.attach(backend, machine.ram().memory(), deviceOptions);
        try {
            return new VirtioBlkGuest(machine, device, attachment, driverOptions, pause);
        } catch (final IllegalStateException e) {
            device.detach();
            throw e;
        }
    }

    /** As {@link #forWorkload(Attachment, BlockBackend, BlkOptions, WorkloadSpec, Clock)}, over MMIO. */
    public static VirtioBlkGuest forWorkload(
            final BlockBackend backend, final BlkOptions deviceOptions, final WorkloadSpec spec, final Clock clock)
            throws BlockException {
        return forWorkload(Attachment.MMIO, backend, deviceOptions, spec, clock);
    }

    /** Device and driver as a workload needs them: a queue for each job, a slot for each request. */
    public static VirtioBlkGuest forWorkload(
            final Attachment attachment,
            final BlockBackend backend,
            final BlkOptions deviceOptions,
            final WorkloadSpec spec,
            final Clock clock)
            throws BlockException {
        final DriverOptions driverOptions =
                DriverOptions.of(spec.depth(), spec.blockSizes().largest()).withQueues(spec.jobs());
        final BlkOptions matching = deviceOptions.withQueues(
                Math.max(deviceOptions.queues(), spec.jobs()),
                Math.max(deviceOptions.queueSize(), powerOfTwo(spec.depth())));
        return start(attachment, backend, matching, driverOptions, Pause.spinning(clock, spec.stallNs()));
    }

    private static int powerOfTwo(final int least) {
        return least <= 2 ? 2 : Integer.highestOneBit(least - 1) << 1;
    }

    public Machine machine() {
        return machine;
    }

    /** What used buffers raise: the device's interrupt line, or its messages. */
    public GuestInterrupt interrupt() {
        return interrupt;
    }

    public VirtioBlk device() {
        return device;
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

    /** Stops the driver and unplugs the device. */
    @Override
    public void close() throws BlockException {
        driver.stop();
        device.detach();
    }
}
