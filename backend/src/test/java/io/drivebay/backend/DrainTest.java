package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.Refusals;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.graph.TestFilter;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DrainTest {
    private final TestBench bench = new TestBench();
    private final BlockLayer layer = bench.layer;
    private final TestDriver driver = new TestDriver(TestBench.DISK_BYTES);
    private final TestDevice device = new TestDevice("dev");
    private final BlockBackend backend = bench.backend();

    @BeforeEach
    void insert() throws BlockException {
        layer.insertMedium(backend, bench.node("disk", driver));
        backend.attachDevice(device, TestBench.READ_WRITE, Permission.ALL);
    }

    private TestRequest read() {
        return new TestRequest(Operation.READ, 0, 512).submitTo(backend);
    }

    private void later(final long afterNs, final Runnable action) {
        bench.context.timer(action).arm(bench.clock.nanoTime() + afterNs);
    }

    @Test
    void beginReturnsWhenEverythingThatEnteredHasCompleted() throws BlockException {
        driver.hold();
        final TestRequest first = read();
        final TestRequest second = read();
        bench.context.runUntilIdle();
        later(1_000, driver::releaseOne);
        later(2_000, driver::releaseOne);

        final BlockLayer.Drain drain = layer.drain(driver.node());

        assertTrue(first.done() && second.done());
        assertEquals(2_000, bench.clock.nanoTime());
        drain.close();
    }

    @Test
    void requestsSubmittedWhileDrainedAreParkedAndRunInOrderAtTheEnd() throws BlockException {
        final BlockLayer.Drain drain = layer.drain(driver.node());
        final TestRequest first = new TestRequest(Operation.WRITE, 0, 512).submitTo(backend);
        new TestRequest(Operation.FLUSH, 0, 0).submitTo(backend);
        new TestRequest(Operation.DISCARD, 512, 512).submitTo(backend);
        new TestRequest(Operation.READ, 1024, 512).submitTo(backend);
        bench.context.runUntilIdle();
        assertEquals(List.of(), driver.log);
        assertEquals(0, backend.pending());

        drain.close();
        bench.context.runUntilIdle();

        assertEquals(Status.OK, first.status());
        assertEquals(List.of("WRITE 0+512", "FLUSH", "READ 1024+512"), driver.log);
    }

    @Test
    void drainsNestAndTheDeviceHearsOnlyTheOutermost() throws BlockException {
        final int before = driver.drainBegins();
        final BlockLayer.Drain outer = layer.drain(driver.node());
        final BlockLayer.Drain all = layer.drainAll();
        final BlockLayer.Drain inner = layer.drain(backend);
        final TestRequest parked = read();

        outer.close();
        outer.close();
        all.close();
        bench.context.runUntilIdle();
        assertFalse(parked.done());
        inner.close();
        bench.context.runUntilIdle();

        assertTrue(parked.done());
        assertEquals(List.of("drain begins", "drain ends"), device.log);
        assertEquals(before + 1, driver.drainBegins());
        assertEquals(before + 1, driver.drainEnds());
    }

    @Test
    void endingMoreOftenThanBegunIsAProgrammingError() {
        assertThrows(IllegalStateException.class, () -> driver.node().drainEnd());
        assertThrows(IllegalStateException.class, backend::drainEnd);
    }

    @Test
    void aDeviceAttachedToADrainedBackendIsDrainedAtOnce() throws BlockException {
        final BlockBackend other = bench.backend();
        final TestDevice late = new TestDevice("late");
        final BlockLayer.Drain drain = layer.drain(other);

        other.attachDevice(late, Permission.NONE, Permission.ALL);

        assertEquals(List.of("drain begins"), late.log);
        drain.close();
        assertEquals(List.of("drain begins", "drain ends"), late.log);
    }

    @Test
    void whatIsMadeDuringDrainAllStartsDrainedAndIsReleasedWithIt() throws BlockException {
        final BlockLayer.Drain all = layer.drainAll();
        final BlockNode fresh = bench.disk("fresh");
        final BlockBackend late = bench.backend();
        layer.insertMedium(late, fresh);
        final TestRequest parked = new TestRequest(Operation.READ, 0, 512).submitTo(late);
        bench.context.runUntilIdle();
        assertFalse(parked.done());
        assertTrue(fresh.quiesceCount() > 0);

        all.close();
        bench.context.runUntilIdle();

        assertEquals(0, fresh.quiesceCount());
        assertFalse(late.drained());
        assertEquals(
                Status.NO_MEDIUM,
                bench.perform(bench.backend(), Operation.READ, 0, 512).status());
        assertEquals(Status.OK, bench.perform(late, Operation.READ, 0, 512).status());
    }

    @Test
    void whatIsDeletedDuringDrainAllLeavesTheOthersBalanced() throws BlockException {
        final BlockNode doomed = bench.disk("doomed");
        final BlockLayer.Drain all = layer.drainAll();
        layer.deleteNode("doomed");
        all.close();

        assertEquals(1, TestBench.driverOf(doomed).closes());
        assertEquals(0, driver.node().quiesceCount());
        assertFalse(backend.drained());
    }

    @Test
    void aMediumReplacedInsideADrainOfTheBackendStaysDrainedUntilItsEnd() throws BlockException {
        final BlockNode next = bench.disk("next");
        final BlockLayer.Drain drain = layer.drain(backend);

        layer.changeMedium(backend, next);
        assertTrue(backend.drained());
        assertEquals(
                1,
                TestBench.driverOf(next).drainBegins()
                        - TestBench.driverOf(next).drainEnds());
        assertEquals(0, driver.drainBegins() - driver.drainEnds());
        drain.close();

        assertFalse(backend.drained());
        assertEquals(
                0,
                TestBench.driverOf(next).drainBegins()
                        - TestBench.driverOf(next).drainEnds());
    }

    @Test
    void aBackendThatTakesADrainedNodeIsDrainedAtOnceAndWithIt() throws BlockException {
        final BlockNode drained = bench.disk("drained");
        final BlockLayer.Drain drain = layer.drain(drained);
        layer.changeMedium(backend, drained);
        final TestRequest parked = read();
        bench.context.runUntilIdle();
        assertFalse(parked.done());

        drain.close();
        bench.context.runUntilIdle();

        assertEquals(Status.OK, parked.status());
    }

    @Test
    void aBackendThatLeavesADrainedNodeGoesOnWhileItsOtherUsersWait() throws BlockException {
        final BlockBackend other = bench.backend();
        layer.insertMedium(other, driver.node());
        final BlockLayer.Drain drain = layer.drain(driver.node());

        layer.changeMedium(backend, bench.disk("next"));

        assertFalse(backend.drained());
        assertTrue(other.drained());
        drain.close();
        assertFalse(other.drained());
    }

    @Test
    void changingOneBackendsMediumDoesNotDisturbTheMediumsOtherUsers() throws BlockException {
        final BlockBackend other = bench.backend();
        final TestDevice neighbour = new TestDevice("neighbour");
        other.attachDevice(neighbour, Permission.CONSISTENT_READ.bit(), Permission.ALL);
        layer.insertMedium(other, driver.node());
        neighbour.log.clear();

        layer.changeMedium(backend, bench.disk("next"));
        layer.changeMedium(backend, driver.node());

        assertEquals(List.of(), neighbour.log);
    }

    @Test
    void throttledRequestsAreReleasedByADrainHoweverDeepTheThrottleLies() throws BlockException {
        final TestFilter throttle = new TestFilter().throttle();
        final BlockNode slow = bench.over("slow", throttle, bench.disk("below"));
        layer.changeMedium(backend, bench.over("upper", new TestFilter(), slow));
        final TestRequest held = read();
        bench.context.runUntilIdle();
        assertEquals(1, throttle.waiting());

        final BlockLayer.Drain drain = layer.drain(backend);
        assertEquals(Status.OK, held.status());
        drain.close();
        read();
        bench.context.runUntilIdle();

        assertEquals(1, throttle.waiting());
        throttle.passOne();
    }

    @Test
    void completionsDuringADrainMaySubmitAndAddAndRemoveNodesAndBackends() throws BlockException {
        driver.hold();
        final List<String> done = new ArrayList<>();
        final BlockNode doomed = bench.disk("doomed");
        final TestRequest first = new TestRequest(Operation.READ, 0, 512);
        final TestRequest again = new TestRequest(Operation.READ, 512, 512);
        first.then(() -> {
                    again.submitTo(backend);
                    changeGraph(done);
                })
                .submitTo(backend);
        bench.context.runUntilIdle();
        later(1_000, driver::releaseAll);

        final BlockLayer.Drain drain = layer.drain(driver.node());

        assertEquals(List.of("changed"), done);
        assertFalse(again.done());
        assertEquals(1, TestBench.driverOf(doomed).closes());
        drain.close();
        bench.context.runUntilIdle();
        assertEquals(Status.OK, again.status());
    }

    private void changeGraph(final List<String> done) {
        try {
            layer.deleteNode("doomed");
            bench.over("above", new TestFilter(), bench.disk("fresh"));
            bench.backend().release();
            done.add("changed");
        } catch (final BlockException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aDrainHoldsWhatItDrains() throws BlockException {
        final BlockNode alone = bench.disk("alone");
        final BlockLayer.Drain drain = layer.drain(alone);
        assertEquals(Kind.IN_USE, Refusals.kindOf(() -> layer.deleteNode("alone")));
        layer.disown(alone);
        assertEquals(0, TestBench.driverOf(alone).closes());

        drain.close();

        assertEquals(1, TestBench.driverOf(alone).closes());
    }

    @Test
    void aChangeFromACallbackOfTheChangeItselfIsRefused() throws BlockException {
        final List<Kind> refusals = new ArrayList<>();
        driver.hold();
        read().then(() -> refusals.add(Refusals.kindOf(() -> layer.removeMedium(backend))));
        bench.context.runUntilIdle();
        later(1_000, driver::releaseAll);

        layer.changeMedium(backend, bench.disk("next"));

        assertEquals(List.of(Kind.IN_USE), refusals);
    }

    @Test
    void aLostCompletionIsReportedWithOperationOffsetAgeAndNodeAndTheDrainIsUndone() throws BlockException {
        driver.hold();
        layer.drainTimeout(Duration.ofMillis(5));
        final TestRequest lost = new TestRequest(Operation.WRITE, 4096, 1024).submitTo(backend);
        bench.context.runUntilIdle();
        bench.clock.advance(1_500_000);

        final String message = Refusals.messageOf(() -> layer.drain(driver.node()));

        assertTrue(message.contains("WRITE offset=4096 length=1024 age=1500us at node 'disk'"), message);
        assertFalse(backend.drained());
        assertEquals(0, driver.node().quiesceCount());
        driver.releaseAll();
        assertEquals(Status.OK, lost.status());
    }

    @Test
    void aLostPartIsReportedWhereItIs() throws BlockException {
        final BlockNode pieces = bench.node(
                "pieces",
                new TestDriver(8192)
                        .limits(BlockLimits.UNLIMITED.withMaxTransfer(512))
                        .hold());
        layer.changeMedium(backend, pieces);
        new TestRequest(Operation.READ, 0, 1024).submitTo(backend);
        bench.context.runUntilIdle();

        final String report = layer.pendingRequests();

        assertTrue(report.contains("READ offset=0 length=1024"), report);
        assertTrue(report.contains("part: READ offset=512 length=512 age=0us at node 'pieces'"), report);
    }

    @Test
    void aSwapThatTimesOutLeavesTheOldMediumServing() throws BlockException {
        driver.hold();
        layer.drainTimeout(Duration.ofMillis(1));
        read();
        bench.context.runUntilIdle();
        final BlockNode next = bench.disk("next");

        assertEquals(Kind.TIMEOUT, Refusals.kindOf(() -> layer.changeMedium(backend, next)));
        driver.releaseAll();

        assertEquals(driver.node(), backend.medium());
        assertEquals(Status.OK, bench.perform(backend, Operation.READ, 0, 512).status());
        assertEquals(1, next.references());
        assertEquals(Permission.NONE, next.permissions());
    }

    @Test
    void drainAllThatTimesOutIsUndoneEverywhere() throws BlockException {
        driver.hold();
        layer.drainTimeout(Duration.ofMillis(1));
        read();
        bench.context.runUntilIdle();

        assertEquals(Kind.TIMEOUT, Refusals.kindOf(layer::drainAll));

        assertFalse(backend.drained());
        assertEquals(0, driver.node().quiesceCount());
        driver.releaseAll();
        layer.drainAll().close();
    }
}
