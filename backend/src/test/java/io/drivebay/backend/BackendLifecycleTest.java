package io.drivebay.backend;

import static io.drivebay.backend.graph.Refusals.kindOf;
import static io.drivebay.backend.graph.Refusals.messageOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.graph.TestFilter;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class BackendLifecycleTest {
    private final TestBench bench = new TestBench();
    private final BlockLayer layer = bench.layer;

    @Test
    void aNewBackendHasOneReferenceNoNameNoMediumNoDeviceAndAWriteCache() {
        final BlockBackend backend = bench.backend();

        assertEquals(1, backend.references());
        assertNull(backend.name());
        assertNull(backend.medium());
        assertNull(backend.device());
        assertTrue(backend.writeCache());
        assertEquals(0, backend.lengthBytes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1st", "with space", "über", "-x", "a/b", "#block0"})
    void anIllFormedNameIsRefused(final String name) {
        assertEquals(Kind.BAD_NAME, kindOf(() -> layer.nameBackend(bench.backend(), name)));
    }

    @Test
    void aNameTakesNoReferenceAndIsUniqueAmongBackendsAndNodes() throws BlockException {
        final BlockBackend backend = bench.backend();
        bench.disk("disk");

        layer.nameBackend(backend, "drive");

        assertEquals(1, backend.references());
        assertEquals(Kind.BAD_NAME, kindOf(() -> layer.nameBackend(bench.backend(), "drive")));
        assertEquals(Kind.BAD_NAME, kindOf(() -> layer.nameBackend(bench.backend(), "disk")));
        assertEquals(Kind.BAD_NAME, kindOf(() -> bench.disk("drive")));
        assertEquals(Kind.BAD_NAME, kindOf(() -> layer.nameBackend(backend, "second")));
    }

    @Test
    void aRemovedNameIsFreeAtOnceAndTheBackendLivesOn() throws BlockException {
        final BlockBackend backend = bench.backend();
        layer.nameBackend(backend, "drive");

        layer.removeName(backend);
        final BlockBackend second = bench.backend();
        layer.nameBackend(second, "drive");

        assertSame(second, layer.backend("drive"));
        assertFalse(backend.dead());
        assertTrue(layer.backends().contains(backend));
    }

    @Test
    void onlyNamedBackendsAreFoundByNameButAllAreListedAndDevicesLeadToTheirs() throws BlockException {
        final BlockBackend named = bench.backend();
        layer.nameBackend(named, "drive");
        final BlockBackend anonymous = bench.backend();
        anonymous.attachDevice(new TestDevice("cd0"), Permission.NONE, Permission.ALL);

        assertSame(named, layer.backend("drive"));
        assertEquals(List.of(named, anonymous), layer.backends());
        assertSame(anonymous, layer.backendOfDevice("cd0"));
        assertNull(layer.backendOfDevice("cd1"));
    }

    @Test
    void theLastReferenceDrainsThenEndsTheBackend() throws BlockException {
        final TestDriver driver = new TestDriver(4096).hold();
        final BlockNode disk = bench.node("disk", driver);
        final BlockBackend backend = bench.backend();
        layer.insertMedium(backend, disk);
        final TestRequest read = new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        bench.context.runUntilIdle();
        bench.context.timer(driver::releaseAll).arm(1_000);

        backend.release();

        assertTrue(read.done());
        assertTrue(backend.dead());
        assertTrue(layer.backends().isEmpty());
        assertTrue(disk.parents().isEmpty());
    }

    @Test
    void theLastReferenceOfANamedBackendOrOneWithADeviceIsAProgrammingErrorAndChangesNothing() throws BlockException {
        final BlockBackend backend = bench.backend();
        layer.nameBackend(backend, "drive");

        assertThrows(IllegalStateException.class, backend::release);

        assertEquals(1, backend.references());
        assertSame(backend, layer.backend("drive"));
    }

    @Test
    void aReferenceToADeadBackendIsAProgrammingError() throws BlockException {
        final BlockBackend backend = bench.backend();
        backend.release();

        assertThrows(IllegalStateException.class, backend::reference);
        assertThrows(IllegalStateException.class, backend::release);
    }

    @Test
    void aSecondDeviceIsRefusedWithoutAnyChange() throws BlockException {
        final BlockBackend backend = bench.backend();
        final TestDevice first = new TestDevice("first");
        backend.attachDevice(first, Permission.NONE, Permission.ALL);

        assertEquals(
                Kind.IN_USE,
                kindOf(() -> backend.attachDevice(new TestDevice("second"), TestBench.READ_WRITE, Permission.NONE)));

        assertSame(first, backend.device());
        assertEquals(2, backend.references());
        assertEquals(Permission.NONE, backend.mediumPermissions());
    }

    @Test
    void detachingGivesPermissionsAndReferenceBackAndStopsTheCallbacks() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        final BlockBackend backend = bench.backend();
        layer.insertMedium(backend, disk);
        final TestDevice device = new TestDevice("dev");
        backend.attachDevice(device, TestBench.READ_WRITE, Permission.NONE);
        assertEquals(TestBench.READ_WRITE, disk.permissions());

        backend.detachDevice();
        device.log.clear();
        layer.removeMedium(backend);

        assertEquals(1, backend.references());
        assertEquals(Permission.NONE, disk.permissions());
        assertEquals(Permission.ALL, disk.shared());
        assertEquals(List.of(), device.log);
        assertEquals(Kind.WRONG_STATE, kindOf(backend::detachDevice));
    }

    @Test
    void aDeviceWhosePermissionsConflictIsNotAttached() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        bench.backendOn(disk);
        final BlockBackend second = bench.backend();
        layer.insertMedium(second, disk);

        assertEquals(
                Kind.IN_USE,
                kindOf(() -> second.attachDevice(new TestDevice("x"), TestBench.READ_WRITE, Permission.NONE)));

        assertNull(second.device());
        assertEquals(1, second.references());
    }

    @Test
    void detachingWaitsForEverythingTheDeviceHasSubmitted() throws BlockException {
        final TestDriver driver = new TestDriver(4096).hold();
        final BlockBackend backend = bench.backendOn(bench.node("disk", driver));
        final TestRequest inFlight = new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        bench.context.runUntilIdle();
        final TestRequest inRing = new TestRequest(Operation.READ, 512, 512).submitTo(backend);
        bench.context.timer(driver::releaseAll).arm(1_000);

        backend.detachDevice();

        assertEquals(Status.OK, inFlight.status());
        assertEquals(Status.OK, inRing.status());
    }

    @Test
    void detachingInsideADrainCancelsWhatIsInTheRingAndLeavesTheTreeAtRest() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        final BlockBackend backend = bench.backendOn(disk);
        final BlockLayer.Drain drain = layer.drain(disk);
        final TestRequest parked = new TestRequest(Operation.WRITE, 0, 512).submitTo(backend);

        backend.detachDevice();

        assertEquals(Status.CANCELED, parked.status());
        assertEquals(List.of(), TestBench.driverOf(disk).log);
        drain.close();
    }

    @Test
    void removingTheMediumLeavesNameDeviceAndStatisticsAlone() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.disk("disk"));
        layer.nameBackend(backend, "drive");
        bench.perform(backend, Operation.READ, 0, 512);

        layer.removeMedium(backend);

        assertSame(backend, layer.backend("drive"));
        assertEquals("dev-disk", Objects.requireNonNull(backend.device()).id());
        assertEquals(
                1,
                backend.statistics().past().stream()
                        .mapToLong(past -> past.of(Operation.READ) == null ? 0 : 1)
                        .sum());
    }

    @Test
    void insertingAMediumThatConflictsLeavesTheBackendEmpty() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        final BlockBackend first = bench.backend();
        first.attachDevice(new TestDevice("first"), TestBench.READ_WRITE, Permission.NONE);
        layer.insertMedium(first, disk);
        final BlockBackend second = bench.backend();
        second.attachDevice(new TestDevice("second"), TestBench.READ_WRITE, Permission.ALL);

        final String message = messageOf(() -> layer.insertMedium(second, disk));

        for (final String part : List.of("node 'disk'", "'first'", "'second'", "write")) {
            assertTrue(message.contains(part), message);
        }
        assertNull(second.medium());
        assertEquals(0, second.lengthBytes());
    }

    @Test
    void aNodeOfAnotherContextIsRefusedAsMedium() throws BlockException {
        final IoContext other = IoContext.stepped("other", bench.clock);
        final BlockNode foreign = layer.addNode("foreign", other, NodeOptions.DEFAULTS, new TestDriver(512), Map.of());

        assertEquals(Kind.IN_USE, kindOf(() -> layer.insertMedium(bench.backend(), foreign)));
    }

    @Test
    void deletingANodeIsRefusedWhileAnythingUsesIt() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        final BlockBackend backend = bench.backendOn(disk);

        assertEquals(Kind.NOT_FOUND, kindOf(() -> layer.deleteNode("nothing")));
        assertEquals(Kind.IN_USE, kindOf(() -> layer.deleteNode("disk")));
        layer.removeMedium(backend);
        disk.reference();
        assertEquals(Kind.IN_USE, kindOf(() -> layer.deleteNode("disk")));
        layer.release(disk);
        layer.deleteNode("disk");

        assertNull(layer.node("disk"));
        assertEquals(1, TestBench.driverOf(disk).closes());
    }

    @Test
    void aNodeThatItsOwnerGaveUpEndsWithItsLastUser() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        final BlockBackend backend = bench.backendOn(disk);
        layer.disown(disk);
        assertEquals(0, TestBench.driverOf(disk).closes());
        assertEquals(Kind.IN_USE, kindOf(() -> layer.deleteNode("disk")));

        layer.removeMedium(backend);

        assertEquals(1, TestBench.driverOf(disk).closes());
        assertNull(layer.node("disk"));
    }

    @Test
    void aNodeThatWasWrittenIsFlushedBeforeItIsClosed() throws BlockException {
        final BlockNode disk = bench.disk("disk");
        final BlockBackend backend = bench.backendOn(disk);
        bench.perform(backend, Operation.WRITE, 0, 512);
        layer.removeMedium(backend);

        layer.deleteNode("disk");

        assertEquals(List.of("WRITE 0+512", "FLUSH"), TestBench.driverOf(disk).log);
    }

    @Test
    void closingTheLayerClosesEveryDriverOnce() throws BlockException {
        final BlockNode lower = bench.disk("lower");
        final TestFilter filter = new TestFilter();
        bench.backendOn(bench.over("upper", filter, lower));
        final BlockNode alone = bench.disk("alone");

        layer.close();

        assertEquals(1, TestBench.driverOf(lower).closes());
        assertEquals(1, TestBench.driverOf(alone).closes());
        assertTrue(filter.closed());
        assertTrue(layer.nodes().isEmpty());
    }
}
