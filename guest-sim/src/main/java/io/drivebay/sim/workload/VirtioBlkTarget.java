package io.drivebay.sim.workload;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.sim.virtio.BlkQueue;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.VirtioBlkDriver;

/** Requests as a guest makes them: each job has a queue of a virtio block device to itself. */
public final class VirtioBlkTarget implements IoTarget, BlkQueue.Listener {
    private static final int SECTOR_SHIFT = 9;

    private final VirtioBlkDriver driver;
    private final BlkQueue queue;
    private final int[] dataOffsets;
    private final MemoryRegion[] regions;
    private CompletionBatch batch = new CompletionBatch(0);

    private VirtioBlkTarget(final VirtioBlkDriver driver, final Shape shape) {
        if (shape.jobs() > driver.queueCount()) {
            throw new IllegalArgumentException(
                    shape.jobs() + " jobs need a queue each, but the device has " + driver.queueCount() + " in use");
        }
        this.driver = driver;
        this.queue = driver.queue(shape.job());
        if (shape.slots() > queue.slots() || shape.slotBytes() > queue.data(0).length()) {
            throw new IllegalArgumentException("the driver was started for " + queue.slots() + " requests of "
                    + queue.data(0).length() + " bytes a queue; the workload wants " + shape.slots() + " of "
                    + shape.slotBytes());
        }
        this.dataOffsets = new int[shape.slots()];
        this.regions = new MemoryRegion[shape.slots()];
        for (int i = 0; i < shape.slots(); i++) {
            dataOffsets[i] = queue.data(i).offset();
            regions[i] = queue.data(i).region();
        }
    }

    /** Targets on a driver that has been started with queues, slots and slot sizes to match the workload. */
    public static IoTarget.Factory on(final VirtioBlkDriver driver) {
        return shape -> new VirtioBlkTarget(driver, shape);
    }

    @Override
    public long lengthBytes() {
        return driver.config().capacityBytes();
    }

    @Override
    public MemoryRegion memory(final int slot) {
        return regions[slot];
    }

    @Override
    public int memoryOffset(final int slot) {
        return dataOffsets[slot];
    }

    @Override
    public boolean submit(
            final int slot, final Operation operation, final long offset, final int length, final long nowNs) {
        final long sector = offset >> SECTOR_SHIFT;
        switch (operation) {
            case READ -> queue.read(slot, sector, length);
            case WRITE -> queue.write(slot, sector, length);
            case FLUSH -> queue.flush(slot);
            default -> throw new IllegalArgumentException("a target is asked for " + operation);
        }
        return true;
    }

    @Override
    public void kick() {
        queue.kick();
    }

    @Override
    public void poll(final CompletionBatch completions) {
        batch = completions;
        queue.poll(this);
    }

    @Override
    public void completed(final int slot, final BlkStatus status, final int usedBytes) {
        batch.add(
                slot,
                switch (status) {
                    case OK -> Status.OK;
                    case IOERR -> Status.IO_ERROR;
                    case UNSUPP -> Status.NOT_SUPPORTED;
                    default -> Status.INVALID;
                });
    }

    @Override
    public void await(final long timeoutNs) {
        queue.await(timeoutNs);
    }

    @Override
    public void close() {
        // the driver is its owner's to stop
    }
}
