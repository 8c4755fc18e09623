package io.drivebay.backend;

import static io.drivebay.backend.graph.Refusals.kindOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.TestFilter;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.stats.OperationStatistics;
import org.junit.jupiter.api.Test;

/** Filters that belong to a backend and stay when its medium changes. */
final class SlotFilterTest {
    private final TestBench bench = new TestBench();
    private final BlockLayer layer = bench.layer;
    private final TestFilter lower = new TestFilter();
    private final TestFilter upper = new TestFilter();

    private BlockNode add(final BlockBackend backend, final String name, final TestFilter filter)
            throws BlockException {
        final BlockNode node = bench.node(name, filter);
        layer.addFilter(backend, node);
        return node;
    }

    private void assertReads(final BlockBackend backend, final Status expected) {
        assertEquals(expected, bench.perform(backend, Operation.READ, 0, 512).status());
    }

    @Test
    void filtersStayWhenTheMediumChangesAndComesAndGoes() throws BlockException {
        final BlockNode a = bench.disk("a");
        final BlockNode b = bench.disk("b");
        final BlockBackend backend = bench.backendOn(a);
        add(backend, "lower", lower);
        add(backend, "upper", upper);

        assertReads(backend, Status.OK);
        layer.changeMedium(backend, b);
        assertReads(backend, Status.OK);
        layer.removeMedium(backend);
        assertReads(backend, Status.NO_MEDIUM);
        layer.insertMedium(backend, a);
        assertReads(backend, Status.OK);

        assertEquals(3, upper.passed());
        assertEquals(3, lower.passed());
        assertEquals(2, TestBench.driverOf(a).log.size());
        assertEquals(1, TestBench.driverOf(b).log.size());
        assertEquals(TestBench.DISK_BYTES, backend.lengthBytes());
    }

    @Test
    void aFilterInAnEmptyBackendServesTheFirstMedium() throws BlockException {
        final BlockBackend backend = bench.backend();
        add(backend, "upper", upper);
        assertNull(backend.medium());
        assertEquals(0, backend.lengthBytes());

        final BlockNode disk = bench.disk("disk");
        layer.insertMedium(backend, disk);
        assertReads(backend, Status.OK);

        assertSame(disk, backend.medium());
        assertEquals(1, upper.passed());
    }

    @Test
    void aDevicesPermissionsReachTheMediumThroughTheFiltersBothWays() throws BlockException {
        final BlockBackend backend = bench.backend();
        add(backend, "upper", upper);
        final BlockNode before = bench.disk("before");
        layer.insertMedium(backend, before);
        backend.attachDevice(new TestDevice("dev"), TestBench.READ_WRITE, Permission.NONE);
        assertEquals(TestBench.READ_WRITE, before.permissions());

        final BlockNode after = bench.disk("after");
        layer.changeMedium(backend, after);

        assertEquals(Permission.NONE, before.permissions());
        assertEquals(TestBench.READ_WRITE, after.permissions());
        assertEquals(Permission.NONE, after.shared());
    }

    @Test
    void filtersCanBeTakenOutFromAnyPlaceWithOrWithoutAMedium() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.disk("disk"));
        final BlockNode low = add(backend, "lower", lower);
        final BlockNode up = add(backend, "upper", upper);

        layer.removeFilter(backend, low);
        assertReads(backend, Status.OK);
        layer.removeMedium(backend);
        layer.removeFilter(backend, up);
        layer.insertMedium(backend, bench.disk("next"));
        assertReads(backend, Status.OK);

        assertEquals(1, upper.passed());
        assertEquals(0, lower.passed());
        assertEquals(Kind.NOT_FOUND, kindOf(() -> layer.removeFilter(backend, up)));
        layer.deleteNode("lower");
        layer.deleteNode("upper");
        assertTrue(lower.closed() && upper.closed());
    }

    @Test
    void onlyANodeWithOneEmptyLinkAndNoUserCanBeAFilter() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.disk("disk"));
        final BlockNode used = add(bench.backend(), "used", upper);

        assertEquals(Kind.WRONG_STATE, kindOf(() -> layer.addFilter(backend, bench.disk("leaf"))));
        assertEquals(Kind.IN_USE, kindOf(() -> layer.addFilter(backend, used)));
    }

    @Test
    void statisticsOfTheBackendGoOnAcrossMediaAndTheThrottleIsHurriedByADrain() throws BlockException {
        final BlockBackend backend = bench.backendOn(bench.disk("a"));
        final TestFilter throttle = new TestFilter().throttle();
        add(backend, "throttle", throttle);
        final TestRequest held = new TestRequest(Operation.READ, 0, 512).submitTo(backend);
        bench.context.runUntilIdle();
        assertEquals(1, throttle.waiting());

        layer.changeMedium(backend, bench.disk("b"));

        assertEquals(Status.OK, held.status());
        final OperationStatistics reads = backend.statistics()
                .past()
                .get(backend.statistics().past().size() - 1)
                .of(Operation.READ);
        assertNotNull(reads);
        assertEquals(1, reads.operations());
    }

    @Test
    void filtersGoWithTheirBackend() throws BlockException {
        final BlockBackend backend = bench.backend();
        layer.insertMedium(backend, bench.disk("disk"));
        final BlockNode filter = add(backend, "upper", upper);
        layer.disown(filter);

        backend.release();

        assertTrue(upper.closed());
        assertNull(layer.node("upper"));
        assertNotNull(layer.node("disk"));
    }
}
