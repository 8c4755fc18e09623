package io.drivebay.sim.simulation;

import io.drivebay.sim.SeededRandom;
import io.drivebay.sim.machine.GuestBuffer;
import io.drivebay.sim.verify.JobVerifier;
import io.drivebay.sim.virtio.BlkQueue;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.VirtioBlkDriver;
import java.util.Arrays;

/** A guest's program that reads, writes and flushes by chance through one queue, and verifies. */
final class RandomGuest implements Actor, BlkQueue.Listener {
    private enum Kind {
        FREE,
        READ,
        WRITE,
        FLUSH
    }

    private static final int MAX_UNITS = 8;

    private final VirtioBlkDriver driver;
    private final BlkQueue queue;
    private final JobVerifier eyes;
    private final SeededRandom random;
    private final Kind[] kinds;
    private final long[] offsets;
    private final int[] lengths;
    private int left;
    int submitted;
    int completed;
    int failed;
    int dropped;

    RandomGuest(final VirtioBlkDriver driver, final JobVerifier eyes, final SeededRandom random, final int requests) {
        this.driver = driver;
        this.queue = driver.queue(0);
        this.eyes = eyes;
        this.random = random;
        this.left = requests;
        this.kinds = new Kind[queue.slots()];
        Arrays.fill(kinds, Kind.FREE);
        this.offsets = new long[kinds.length];
        this.lengths = new int[kinds.length];
    }

    boolean done() {
        return left == 0 && queue.inFlight() == 0;
    }

    @Override
    public boolean step() {
        int handled = queue.poll(this);
        final int slot = random.below(kinds.length);
        if (left > 0 && kinds[slot] == Kind.FREE) {
            handled += submit(slot);
        }
        if (handled == 0 || random.percent(50)) {
            queue.kick();
        }
        return handled > 0;
    }

    private int submit(final int slot) {
        final int choice = random.below(10);
        final int length = (1 + random.below(MAX_UNITS)) * SimDrive.UNIT;
        final long offset = random.below(SimDrive.BYTES / SimDrive.UNIT - MAX_UNITS) * (long) SimDrive.UNIT;
        final GuestBuffer data = queue.data(slot);
        if (choice == 0) {
            kinds[slot] = Kind.FLUSH;
            queue.flush(slot);
        } else if (choice < 6) {
            kinds[slot] = Kind.READ;
            eyes.beginRead(slot, offset, length);
            queue.read(slot, offset / 512, length);
        } else if (eyes.mayWrite(offset, length)) {
            kinds[slot] = Kind.WRITE;
            eyes.beginWrite(slot, data.region(), data.offset(), offset, length);
            queue.write(slot, offset / 512, length);
        } else {
            return 0;
        }
        offsets[slot] = offset;
        lengths[slot] = length;
        submitted++;
        left--;
        return 1;
    }

    @Override
    public void completed(final int slot, final BlkStatus status, final int usedBytes) {
        completed++;
        failed += status == BlkStatus.OK ? 0 : 1;
        end(slot, status == BlkStatus.OK);
    }

    private void end(final int slot, final boolean succeeded) {
        if (kinds[slot] == Kind.WRITE) {
            eyes.endWrite(slot, offsets[slot], lengths[slot], succeeded);
        } else if (kinds[slot] == Kind.READ && succeeded) {
            final GuestBuffer data = queue.data(slot);
            eyes.endRead(slot, data.region(), data.offset(), offsets[slot], lengths[slot]);
        }
        kinds[slot] = Kind.FREE;
    }

    /** Resets the device and starts it again; what was in flight may have been done or not. */
    void restart() {
        driver.restart();
        for (int slot = 0; slot < kinds.length; slot++) {
            if (kinds[slot] != Kind.FREE) {
                dropped++;
                end(slot, false);
            }
        }
    }
}
