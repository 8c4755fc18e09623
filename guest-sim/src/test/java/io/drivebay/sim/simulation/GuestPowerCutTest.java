package io.drivebay.sim.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.sim.SeededRandom;
import io.drivebay.sim.guest.VirtioBlkGuest;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.verify.DurabilityModel;
import io.drivebay.sim.virtio.BlkDisk;
import io.drivebay.sim.virtio.BlkStatus;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioFeature;
import io.drivebay.virtio.blk.BlkOptions;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clauses B8 and B9: what a virtio guest may rely on after a power cut. */
final class GuestPowerCutTest {
    private static final int SEEDS = 30;
    private static final int OPERATIONS = 60;

    private final MemoryRegion memory = MemoryRegion.allocate(4096);

    /** What the driver knows of the write cache: B8's three conditions. */
    private enum Cache {
        SWITCHED_ON,
        SWITCHED_OFF,
        /** Offered, and neither FLUSH nor CONFIG_WCE negotiated. */
        UNKNOWN
    }

    @ParameterizedTest
    @EnumSource
    void stableWritesOfAGuestSurviveAPowerCut(final Cache cache) {
        final DriverOptions options = cache == Cache.UNKNOWN
                ? DriverOptions.of(2, 4096).without(VirtioFeature.BLK_FLUSH, VirtioFeature.BLK_CONFIG_WCE)
                : DriverOptions.of(2, 4096);
        final AtomicLong durable = new AtomicLong();
        Seeds.check(SEEDS, simulation -> {
            final SimDrive drive =
                    new SimDrive(simulation, 1, SimFaults.NONE.withFailures(3).withFua(simulation.seed() % 2 == 0));
            final DurabilityModel model = new DurabilityModel(drive.stamp, SimDrive.BYTES, 1, 1);
            final SimDisk disk = drive.disks.get(0);
            try (VirtioBlkGuest guest = VirtioBlkGuest.start(
                    drive.backend, BlkOptions.of("vda"), options, Pause.stepping(drive.context, simulation.clock()))) {
                if (cache != Cache.UNKNOWN) {
                    guest.driver().writeback(cache == Cache.SWITCHED_ON);
                }
                final SeededRandom random = simulation.newRandom();
                for (int i = 0; i < OPERATIONS; i++) {
                    operate(guest.disk(), model, random, cache);
                }

                disk.cutPower();
            }

            assertEquals(List.of(), model.check(disk.medium().content()));
            durable.addAndGet(model.durableUnits(1));
            drive.layer.close();
        });
        assertTrue(durable.get() > 10L * SEEDS, durable::toString);
    }

    private void operate(
            final BlkDisk disk, final DurabilityModel model, final SeededRandom random, final Cache cache) {
        if (random.percent(15) && cache != Cache.UNKNOWN) {
            final int[] covered = model.beginFlush();
            if (disk.flush() == BlkStatus.OK) {
                model.endFlush(covered);
            }
            return;
        }
        final byte[] bytes = new byte[(1 + random.below(8)) * SimDrive.UNIT];
        final long address = random.below((SimDrive.BYTES - bytes.length) / SimDrive.UNIT) * (long) SimDrive.UNIT;
        model.beginWrite(memory, 0, address, bytes.length);
        memory.getBytes(0, bytes, 0, bytes.length);
        final BlkStatus status = disk.write(address, bytes);
        model.endWrite(address, bytes.length, status == BlkStatus.OK, cache != Cache.SWITCHED_ON);
    }
}
