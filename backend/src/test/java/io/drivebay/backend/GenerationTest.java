package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.Refusals;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.graph.TestFilter;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which medium a request meets when media change. */
final class GenerationTest {
    private final TestBench bench = new TestBench();
    private final BlockLayer layer = bench.layer;

    private List<String> logOf(final BlockNode node) {
        return TestBench.driverOf(node).log;
    }

    @Test
    void whatWasSubmittedBeforeAChangeEndsOnTheOldMedium() throws BlockException {
        final BlockNode a = bench.disk("a");
        final BlockNode b = bench.disk("b");
        final BlockBackend backend = bench.backendOn(a);
        final TestRequest before = new TestRequest(Operation.WRITE, 0, 512).submitTo(backend);

        layer.changeMedium(backend, b);
        final TestRequest after = bench.perform(backend, Operation.WRITE, 512, 512);

        assertEquals(Status.OK, before.status());
        assertEquals(Status.OK, after.status());
        assertEquals(List.of("WRITE 0+512"), logOf(a));
        assertEquals(List.of("WRITE 512+512"), logOf(b));
        assertSame(b, backend.medium());
    }

    @Test
    void whatIsSubmittedDuringAChangeNeverTouchesTheNextMedium() throws BlockException {
        final TestDriver slow = new TestDriver(TestBench.DISK_BYTES).hold();
        final BlockNode b = bench.disk("b");
        final BlockBackend backend = bench.backendOn(bench.node("a", slow));
        final TestRequest inFlight = new TestRequest(Operation.WRITE, 0, 512).submitTo(backend);
        bench.context.runUntilIdle();
        final TestRequest late = new TestRequest(Operation.WRITE, 512, 512);
        bench.context.timer(() -> late.submitTo(backend)).arm(1_000);
        bench.context.timer(slow::releaseAll).arm(2_000);

        layer.changeMedium(backend, b);
        bench.context.runUntilIdle();

        assertEquals(Status.OK, inFlight.status());
        assertEquals(Status.MEDIUM_CHANGED, late.status());
        assertEquals(List.of("WRITE 0+512"), slow.log);
        assertEquals(List.of(), logOf(b));
    }

    @Test
    void whatIsSubmittedDuringARemovalFindsNoMedium() throws BlockException {
        final TestDriver slow = new TestDriver(TestBench.DISK_BYTES).hold();
        final BlockBackend backend = bench.backendOn(bench.node("a", slow));
        new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        bench.context.runUntilIdle();
        final TestRequest late = new TestRequest(Operation.READ, 512, 512);
        bench.context.timer(() -> late.submitTo(backend)).arm(1_000);
        bench.context.timer(slow::releaseAll).arm(2_000);

        layer.removeMedium(backend);
        bench.context.runUntilIdle();

        assertEquals(Status.NO_MEDIUM, late.status());
        assertEquals(0, backend.lengthBytes());
    }

    @Test
    void whatWasParkedWhileTheDriveWasEmptyFindsNoMediumAfterAnInsertion() throws BlockException {
        final BlockBackend backend = bench.backend();
        final BlockLayer.Drain drain = layer.drain(backend);
        final TestRequest early = new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        layer.insertMedium(backend, bench.disk("a"));
        drain.close();
        bench.context.runUntilIdle();

        assertEquals(Status.NO_MEDIUM, early.status());
    }

    @Test
    void whatWasParkedBySomebodyElsesDrainStaysParkedThroughAChangeAndIsAnsweredChanged() throws BlockException {
        final BlockNode a = bench.disk("a");
        final BlockNode b = bench.disk("b");
        final BlockBackend backend = bench.backendOn(a);
        final BlockLayer.Drain drain = layer.drain(backend);
        final TestRequest parked = new TestRequest(Operation.WRITE, 0, 512).submitTo(backend);

        layer.changeMedium(backend, b);
        bench.context.runUntilIdle();
        assertFalse(parked.done());
        drain.close();
        bench.context.runUntilIdle();

        assertEquals(Status.MEDIUM_CHANGED, parked.status());
        assertEquals(List.of(), logOf(a));
        assertEquals(List.of(), logOf(b));
    }

    @Test
    void aReplacementWithTheSameContentKeepsTheGenerationAndServesWhatWasParked() throws BlockException {
        final BlockNode a = bench.disk("a");
        final BlockBackend backend = bench.backendOn(a);
        final long generation = backend.generation();
        final BlockNode overlay = bench.over("overlay", new TestFilter(), a);
        final BlockLayer.Drain drain = layer.drain(backend);
        final TestRequest parked = new TestRequest(Operation.READ, 0, 512).submitTo(backend);

        layer.replaceRoot(backend, overlay);
        drain.close();
        bench.context.runUntilIdle();

        assertEquals(Status.OK, parked.status());
        assertEquals(generation, backend.generation());
        assertEquals(1, ((TestFilter) overlay.driver()).passed());
    }

    @Test
    void everyInsertionAndRemovalBeginsAGeneration() throws BlockException {
        final BlockNode a = bench.disk("a");
        final BlockBackend backend = bench.backend();
        final long none = backend.generation();
        layer.insertMedium(backend, a);
        final long first = backend.generation();
        layer.changeMedium(backend, a);
        final long second = backend.generation();
        layer.removeMedium(backend);

        assertNotEquals(none, first);
        assertNotEquals(first, second);
        assertNotEquals(second, backend.generation());
    }

    @Test
    void theDeviceIsToldWhileDrainedAfterTheNewLengthIsThere() throws BlockException {
        final BlockBackend backend = bench.backend();
        final TestDevice device = new TestDevice("dev");
        backend.attachDevice(device, Permission.NONE, Permission.ALL);

        layer.insertMedium(backend, bench.disk("a"));
        layer.removeMedium(backend);

        assertEquals(
                List.of("drain begins", "loaded", "drain ends", "drain begins", "unloaded", "drain ends"), device.log);
    }

    @Test
    void aDeviceMayRefuseAMediumWhichLeavesTheOldOneAndTheGuestNoneTheWiser() throws BlockException {
        final BlockNode a = bench.disk("a");
        final BlockBackend backend = bench.backend();
        layer.insertMedium(backend, a);
        final TestDevice device = new TestDevice("dev").refusingMedia();
        backend.attachDevice(device, TestBench.READ_WRITE, Permission.ALL);
        final long generation = backend.generation();

        assertEquals(Kind.WRONG_STATE, Refusals.kindOf(() -> layer.changeMedium(backend, bench.disk("b"))));

        assertSame(a, backend.medium());
        assertEquals(generation, backend.generation());
        assertEquals(List.of(), device.log);
    }

    @Test
    void aMediumWithConflictingUsersLeavesTheOldOneInPlace() throws BlockException {
        final BlockNode a = bench.disk("a");
        final BlockNode taken = bench.disk("taken");
        final BlockBackend owner = bench.backend();
        owner.attachDevice(new TestDevice("owner"), TestBench.READ_WRITE, Permission.NONE);
        layer.insertMedium(owner, taken);
        final BlockBackend backend = bench.backendOn(a);

        assertEquals(Kind.IN_USE, Refusals.kindOf(() -> layer.changeMedium(backend, taken)));

        assertSame(a, backend.medium());
        assertEquals(Status.OK, bench.perform(backend, Operation.WRITE, 0, 512).status());
    }

    @Test
    void aDriverThatCannotLockItsFileLeavesTheOldMediumInPlace() throws BlockException {
        final BlockNode a = bench.disk("a");
        final BlockBackend backend = bench.backendOn(a);
        final BlockNode locked = bench.node("locked", new TestDriver(4096).refusesPermissions(true));

        assertThrows(BlockException.class, () -> layer.changeMedium(backend, locked));

        assertSame(a, backend.medium());
        assertEquals(
                List.of("prepare consistent-read, write", "commit", "prepare ", "abort"),
                TestBench.driverOf(a).permissionLog);
        assertEquals(TestBench.READ_WRITE, a.permissions());
    }

    @Test
    void aRemovedNodeThatItsOwnerKeepsCanBeInsertedAgain() throws BlockException {
        final BlockNode a = bench.disk("a");
        final BlockBackend backend = bench.backendOn(a);

        layer.removeMedium(backend);
        assertNull(backend.medium());
        layer.insertMedium(backend, a);

        assertEquals(Status.OK, bench.perform(backend, Operation.READ, 0, 512).status());
        assertEquals(Kind.WRONG_STATE, Refusals.kindOf(() -> layer.insertMedium(backend, bench.disk("b"))));
    }

    @Test
    void removingFromAnEmptyBackendIsRefused() {
        assertEquals(Kind.WRONG_STATE, Refusals.kindOf(() -> layer.removeMedium(bench.backend())));
    }

    @Test
    void aPauseIsAsLongAsTheRequestsInFlightTake() throws BlockException {
        final TestDriver slow = new TestDriver(TestBench.DISK_BYTES).hold();
        final BlockBackend backend = bench.backendOn(bench.node("a", slow));
        new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        bench.context.runUntilIdle();
        bench.context.timer(slow::releaseAll).arm(bench.clock.nanoTime() + 7_000);

        final long pauseNs = layer.changeMedium(backend, bench.disk("b"));

        assertEquals(7_000, pauseNs);
        assertTrue(slow.held.isEmpty());
    }
}
