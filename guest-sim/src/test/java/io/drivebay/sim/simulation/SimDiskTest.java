package io.drivebay.sim.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.RequestFlags;
import io.drivebay.backend.request.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SimDiskTest {
    private static final int SECTOR = SimMedium.SECTOR_BYTES;

    private final List<Integer> order = new ArrayList<>();

    private SimDrive drive(final long seed, final SimFaults faults) throws Exception {
        return new SimDrive(new Simulation(seed), 1, faults);
    }

    private BlockRequest write(final SimDrive drive, final int sector, final int length, final int flags) {
        final MemoryRegion memory = MemoryRegion.allocate(length);
        memory.fill(0, length, (byte) (sector + 1));
        final BlockRequest request = new BlockRequest(done -> order.add(sector));
        request.set(Operation.WRITE, (long) sector * SECTOR, length, flags);
        request.vector().add(memory, 0, length);
        assertTrue(drive.backend.submit(request));
        return request;
    }

    private void finish(final SimDrive drive, final int requests) {
        drive.simulation.runUntil(() -> order.size() == requests, 10_000);
    }

    private static int byteAt(final SimDrive drive, final int sector) {
        return drive.disks.get(0).medium().content().getByte(sector * SECTOR);
    }

    @Test
    void requestsOvertakeEachOther() throws Exception {
        final SimDrive drive = drive(1, SimFaults.NONE);
        IntStream.range(0, 10).forEach(sector -> write(drive, sector, SECTOR, 0));

        finish(drive, 10);

        assertEquals(10, order.stream().distinct().count());
        assertTrue(!order.equals(order.stream().sorted().toList()), order::toString);
    }

    @Test
    void aFailedWriteMayHaveWrittenSomeOfItsSectors() throws Exception {
        final SimDrive drive = drive(1, SimFaults.NONE.withFailures(100));

        final BlockRequest request = write(drive, 0, 32 * SECTOR, 0);
        finish(drive, 1);

        final long written = IntStream.range(0, 32)
                .filter(sector -> byteAt(drive, sector) == 1)
                .count();
        assertEquals(Status.IO_ERROR, request.status());
        assertEquals(drive.nodes.get(0).name(), request.origin());
        assertTrue(written > 0 && written < 32, () -> written + " written");
    }

    @Test
    void aFuaWriteSurvivesAPowerCutAndOthersByChanceOnly() throws Exception {
        final SimDrive drive = drive(2, SimFaults.NONE);
        IntStream.range(0, 16).forEach(i -> write(drive, i, SECTOR, i < 8 ? RequestFlags.FUA : 0));
        finish(drive, 16);

        drive.disks.get(0).cutPower();

        final long fua = IntStream.range(0, 8)
                .filter(sector -> byteAt(drive, sector) == sector + 1)
                .count();
        final long others = IntStream.range(8, 16)
                .filter(sector -> byteAt(drive, sector) == sector + 1)
                .count();
        assertEquals(8, fua);
        assertTrue(others < 8, () -> others + " survived");
    }

    @Test
    void afterAPowerCutEverythingFails() throws Exception {
        final SimDrive drive = drive(3, SimFaults.NONE);
        final BlockRequest before = write(drive, 0, SECTOR, 0);
        drive.simulation.runUntil(() -> drive.disks.get(0).busy() == 1, 1_000);

        drive.disks.get(0).cutPower();
        final BlockRequest after = write(drive, 1, SECTOR, 0);
        finish(drive, 2);

        assertEquals(Status.IO_ERROR, before.status());
        assertEquals(Status.IO_ERROR, after.status());
    }

    @Test
    void aSimulationInWhichNothingCanHappenSaysSo() {
        final Simulation simulation = new Simulation(1);
        simulation.addContext("idle");

        final IllegalStateException stuck =
                assertThrows(IllegalStateException.class, () -> simulation.runUntil(() -> false, 100_000));

        assertTrue(String.valueOf(stuck.getMessage()).contains("nothing is left that could happen"));
    }

    @Test
    void aBrokenClaimIsToldWithItsSeed() {
        final AssertionError broken = assertThrows(
                AssertionError.class,
                () -> Seeds.check(10, simulation -> assertTrue(simulation.seed() < 4, "four is too much")));

        assertTrue(String.valueOf(broken.getMessage()).startsWith("seed 4, turn 0: four is too much"));
    }
}
