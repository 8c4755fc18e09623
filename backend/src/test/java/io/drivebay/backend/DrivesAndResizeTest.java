package io.drivebay.backend;

import static io.drivebay.backend.graph.Refusals.kindOf;
import static io.drivebay.backend.graph.Refusals.messageOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockedOperation;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.graph.TestFilter;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class DrivesAndResizeTest {
    private final TestBench bench = new TestBench();
    private final BlockLayer layer = bench.layer;

    // ---- drives ----

    @Test
    void aDeletedDriveLosesMediumAndNameAtOnceAndLivesAsLongAsItsDevice() throws BlockException {
        final TestDriver driver = new TestDriver(4096).hold();
        final BlockBackend drive = layer.addDrive("drive", bench.context, bench.node("disk", driver));
        drive.attachDevice(new TestDevice("dev"), TestBench.READ_WRITE, Permission.ALL);
        final TestRequest inFlight = new TestRequest(Operation.WRITE, 0, 512).submitTo(drive);
        bench.context.runUntilIdle();
        bench.context.timer(driver::releaseAll).arm(1_000);

        layer.deleteDrive("drive");

        assertEquals(Status.OK, inFlight.status());
        assertEquals(1, driver.closes());
        assertNull(layer.backend("drive"));
        assertFalse(drive.dead());
        assertEquals(
                Status.NO_MEDIUM, bench.perform(drive, Operation.READ, 0, 512).status());
        final BlockBackend second = layer.addDrive("drive", bench.context, null);
        assertSame(second, layer.backend("drive"));
        layer.unplugDevice(drive);
        assertTrue(drive.dead());
    }

    @Test
    void aDeletedDriveWithoutADeviceEndsAtOnce() throws BlockException {
        final BlockBackend drive = layer.addDrive("drive", bench.context, bench.disk("disk"));

        layer.deleteDrive("drive");

        assertTrue(drive.dead());
        assertNull(layer.node("disk"));
    }

    @Test
    void deletingADriveByANodesNameDeletesTheNode() throws BlockException {
        bench.disk("disk");

        layer.deleteDrive("disk");

        assertNull(layer.node("disk"));
        assertEquals(Kind.NOT_FOUND, kindOf(() -> layer.deleteDrive("disk")));
    }

    @Test
    void aBackendThatWasNotMadeAsADriveIsNotDeletedAsOne() throws BlockException {
        layer.nameBackend(bench.backend(), "own");

        assertTrue(messageOf(() -> layer.deleteDrive("own")).contains("was not made as a drive"));
        assertTrue(layer.backend("own") != null);
    }

    @Test
    void aBlockedDriveIsNotDeletedAndAMediumHeldByAJobOutlivesItsDrive() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        layer.addDrive("drive", bench.context, disk);
        try (var blocker = disk.blockers().block(BlockedOperation.DRIVE_DEL, "a mirror runs")) {
            assertEquals("a mirror runs", messageOf(() -> layer.deleteDrive("drive")), blocker::toString);
        }
        disk.reference();

        layer.deleteDrive("drive");

        assertEquals(0, TestBench.driverOf(disk).closes());
        layer.release(disk);
        assertEquals(1, TestBench.driverOf(disk).closes());
    }

    @Test
    void aDriveWhoseMediumCannotBeTakenIsNotMade() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        bench.disk("taken");

        assertEquals(Kind.BAD_NAME, kindOf(() -> layer.addDrive("taken", bench.context, disk)));

        assertTrue(layer.backends().isEmpty());
        assertSame(disk, layer.node("disk"));
    }

    @Test
    void unpluggingLeavesABackendThatIsNoDriveWithItsMedium() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        final BlockBackend backend = bench.backendOn(disk);

        layer.unplugDevice(backend);

        assertFalse(backend.dead());
        assertSame(disk, backend.medium());
        assertNull(backend.device());
    }

    // ---- resize ----

    @Test
    void growingDrainsThenTellsTheDeviceThenRunsWhatWasParked() throws BlockException {
        final TestDriver driver = new TestDriver(4096).resizable().hold();
        final BlockBackend backend = bench.backend();
        final TestDevice device = new TestDevice("dev");
        backend.attachDevice(device, TestBench.READ_WRITE, Permission.ALL);
        layer.insertMedium(backend, bench.node("disk", driver));
        device.log.clear();
        final TestRequest inFlight = new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        bench.context.runUntilIdle();
        final TestRequest beyond = new TestRequest(Operation.READ, 4096, 512);
        bench.context.timer(() -> beyond.submitTo(backend)).arm(500);
        bench.context.timer(driver::releaseAll).arm(1_000);

        layer.resize(driver.node(), 8192);
        bench.context.runUntilIdle();

        assertEquals(List.of("drain begins", "resized", "drain ends"), device.log);
        assertEquals(Status.OK, inFlight.status());
        assertEquals(Status.OK, beyond.status());
        assertEquals(8192, backend.lengthBytes());
    }

    @Test
    void afterShrinkingWhatWasParkedBeyondTheEndIsInvalid() throws BlockException {
        final TestDriver driver = new TestDriver(8192).resizable();
        final BlockBackend backend = bench.backendOn(bench.node("disk", driver));
        final BlockLayer.Drain drain = layer.drain(backend);
        final TestRequest parked = new TestRequest(Operation.READ, 4096, 512).submitTo(backend);

        layer.resize(driver.node(), 4096);
        drain.close();
        bench.context.runUntilIdle();

        assertEquals(Status.INVALID, parked.status());
        assertEquals(1, backend.statistics().present().invalidOperations());
    }

    @Test
    void aUserThatDoesNotShareResizingForbidsIt() throws BlockException {
        final TestDriver driver = new TestDriver(8192).resizable();
        final BlockBackend backend = bench.backend();
        layer.insertMedium(backend, bench.node("disk", driver));
        backend.attachDevice(new TestDevice("dev"), TestBench.READ_WRITE, Permission.ALL & ~Permission.RESIZE.bit());

        assertTrue(messageOf(() -> layer.resize(driver.node(), 4096)).contains("'resize'"));

        assertEquals(8192, backend.lengthBytes());
    }

    @Test
    void aFixedLengthAReadOnlyNodeANegativeLengthAndABlockerAreRefused() throws BlockException {
        final BlockNode fixed = bench.disk("fixed");
        final BlockNode rom = bench.node("rom", new TestDriver(512).readOnly(true));

        assertEquals(Kind.NOT_SUPPORTED, kindOf(() -> layer.resize(fixed, 512)));
        assertEquals(Kind.READ_ONLY, kindOf(() -> layer.resize(rom, 1024)));
        assertEquals(Kind.INVALID_OPTION, kindOf(() -> layer.resize(fixed, -1)));
        fixed.blockers().block(BlockedOperation.RESIZE, "busy");
        assertEquals("busy", messageOf(() -> layer.resize(fixed, 1024)));
        assertEquals(1, fixed.references());
    }

    @Test
    void resizingThroughAFilterTellsItAndEveryBackendAbove() throws BlockException {
        final TestDriver driver = new TestDriver(4096).resizable();
        final TestFilter filter = new TestFilter();
        final BlockNode disk = bench.node("disk", driver);
        final BlockNode upper = bench.over("upper", filter, disk);
        final BlockBackend above = bench.backendOn(upper);
        final BlockBackend beside = bench.backend();
        layer.insertMedium(beside, disk);

        layer.resize(upper, 1024);

        assertEquals(1024, above.lengthBytes());
        assertEquals(1024, beside.lengthBytes());
        assertEquals(1, filter.childResizes());
    }

    // ---- what the graph looks like ----

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> members(final Map<String, Object> of, final String key) {
        return (List<Map<String, Object>>) Objects.requireNonNull(of.get(key));
    }

    @Test
    void theDescriptionShowsBackendsNodesLinksAndPermissions() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.over("upper", new TestFilter(), bench.disk("disk")));
        layer.nameBackend(backend, "drive");

        final Map<String, Object> graph = layer.describe();

        final Map<String, Object> drive = members(graph, "backends").get(0);
        final Map<String, Object> upper = members(graph, "nodes").get(1);
        assertEquals("drive", drive.get("name"));
        assertEquals("dev-upper", drive.get("device"));
        assertEquals("upper", drive.get("inserted"));
        assertEquals(false, drive.get("drained"));
        assertEquals("test-filter", upper.get("driver"));
        assertEquals(List.of("consistent-read", "write"), upper.get("permissions"));
        assertEquals(List.of("backend 'drive'"), upper.get("parents"));
        final Map<String, Object> link = members(upper, "children").get(0);
        assertEquals("file", link.get("role"));
        assertEquals("disk", link.get("node-name"));
    }
}
