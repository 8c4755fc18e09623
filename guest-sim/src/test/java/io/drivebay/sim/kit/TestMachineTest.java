package io.drivebay.sim.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.ide.device.Deviation;
import io.drivebay.sim.simulation.SimFaults;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TestMachineTest {
    private static final int DISC = 1 << 20;

    @Test
    void aChangeIsSeenInThreeLines() throws Exception {
        try (TestMachine machine = TestMachine.ofSeed(1).medium("A", DISC).medium("B", DISC)) {
            final CdDrive cd = machine.cd("cd0", "A");
            assertEquals(List.of("6/29/00", "A"), List.of(cd.ready(), cd.read(16, 2, Way.DMA)));
            assertEquals("ok", cd.host().change("B", false));
            assertEquals(List.of("6/28/00", "ok", "B"), List.of(cd.ready(), cd.ready(), cd.read(16, 2, Way.RAW)));
            assertEquals("open close", machine.trayMoves());
        }
    }

    @Test
    void aDiskIsWrittenAndReadInEveryWay() throws Exception {
        try (TestMachine machine = TestMachine.ofSeed(1).medium("H", DISC)) {
            final DiskDrive disk = machine.disk("hd0", "H");
            assertEquals("ok", disk.setMultiple(4));
            assertEquals("ok", disk.write(8, 9, Way.PIO));
            assertEquals("ok", disk.write(17, 10, Way.MULTIPLE));
            assertEquals("ok", disk.write(27, 100, Way.DMA));
            assertEquals("guest", disk.read(8, 119, Way.MULTIPLE));
            assertEquals("H+guest", disk.read(7, 121, Way.PIO));
            assertEquals("zeros", trimmed(disk));
            assertEquals("2048 sectors", disk.identify());
        }
    }

    private static String trimmed(final DiskDrive disk) {
        disk.trim(8, 4);
        return disk.read(8, 4, Way.DMA);
    }

    @Test
    void aBadSectorIsNamedToTheGuest() throws Exception {
        try (TestMachine machine = TestMachine.ofSeed(1).medium("H", DISC).damage("H", 77, 1)) {
            final DiskDrive disk = machine.disk("hd0", "H");
            assertEquals("error 40@77", disk.read(64, 32, Way.DMA));
            assertEquals("H", disk.read(78, 8, Way.PIO));
            assertEquals("error 40@77", disk.verify(70, 20));
        }
    }

    @Test
    void anUnknownDriverIsRefusedAndNothingMoves() throws Exception {
        try (TestMachine machine = TestMachine.ofSeed(1).medium("A", DISC).blockdev("X", Map.of("driver", "none"))) {
            final CdDrive cd = machine.cd("cd0", "A");
            assertEquals("invalid-option", cd.host().change("X", false));
            assertTrue(cd.host().lastRefusal().startsWith("no driver is called 'none'"));
            assertEquals("none", machine.trayMoves());
        }
    }

    @Test
    void theClockMovesOnlyWhenItIsMovedOrWaitedFor() throws Exception {
        try (TestMachine machine =
                TestMachine.ofSeed(1).medium("A", DISC, new SimFaults(3_000_000, 3_000_001, 0, true))) {
            final CdDrive cd = machine.cd("cd0", "A");
            cd.ready();
            final long before = machine.simulation().clock().nanoTime();
            cd.start(0, 4, Way.DMA, 0xfffe);
            assertEquals(before, machine.simulation().clock().nanoTime());
            cd.finish();
            assertEquals(before + 3_000_000, machine.simulation().clock().nanoTime());
            machine.waitNs(500);
            assertEquals(before + 3_000_500, machine.simulation().clock().nanoTime());
        }
    }

    @Test
    void theProfileIsForAllDrivesAndSetBeforeThem() throws Exception {
        try (TestMachine machine =
                TestMachine.ofSeed(1).profile(Deviation.QEMU_QUIRKS).medium("A", DISC)) {
            assertEquals("ok", machine.cd("cd0", "A").ready());
            assertThrows(IllegalStateException.class, () -> machine.profile(Deviation.STANDARD));
        }
    }

    @Test
    void theSameSeedMakesTheSameTraceAndAnotherOneAnother() throws Exception {
        assertEquals(swapTrace(3), swapTrace(3));
        assertNotEquals(swapTrace(3), swapTrace(4));
    }

    private static List<String> swapTrace(final long seed) throws Exception {
        try (TestMachine machine =
                TestMachine.ofSeed(seed).medium("A", DISC / 2).medium("B", DISC / 2)) {
            final CdDrive cd = machine.cd("cd0", "A");
            assertEquals(
                    "lost 0 wrong 0",
                    new SwapLoad(machine, cd, new SwapLoad.Plan(200, 100, List.of("A", "B"), true)).run());
            return machine.trace();
        }
    }

    @Test
    void aDiscServedFromTheWrongPlaceIsFoundOut() throws Exception {
        try (TestMachine machine = TestMachine.ofSeed(1)
                .medium("A", DISC)
                .blockdev("shifted", Map.of("driver", "sim", "medium", "A", "node-name", "other"))) {
            final CdDrive cd = machine.cd("cd0", "A");
            cd.ready();
            final byte[] data = cd.guest().read10(16, 1, false);
            assertEquals("A", machine.shelf().origin(data, 16 * 2048));
            assertEquals("?", machine.shelf().origin(data, 17 * 2048));
            data[600] ^= 1;
            assertEquals("A+?", machine.shelf().origin(data, 16 * 2048));
        }
    }
}
