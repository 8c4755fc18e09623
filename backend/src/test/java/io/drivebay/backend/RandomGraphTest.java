package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.Permission;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.graph.TestFilter;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random requests, media changes, filters and drains on one backend, against a model of what each disk holds.
 *
 * <p>Writes in flight at the same time never overlap, so that the model knows what a disk must hold at the end.
 */
final class RandomGraphTest {
    private static final int DISKS = 3;
    private static final int BLOCK = 300;
    private static final int BLOCKS = 40;
    private static final int STEPS = 400;

    /** One run of a seed. */
    private static final class Run {
        private final Random random;
        private final TestBench bench = new TestBench();
        private final List<String> trace = new ArrayList<>();
        private final List<TestDriver> disks = new ArrayList<>();
        private final Map<BlockNode, byte[]> model = new LinkedHashMap<>();
        private final BlockBackend backend = bench.layer.createBackend(bench.context, 16);
        private final List<BlockLayer.Drain> drains = new ArrayList<>();
        private final boolean[] busy = new boolean[BLOCKS];
        private BlockNode presentMedium;
        private int filters;
        private int open;

        Run(final long seed) throws BlockException {
            random = new Random(seed);
            for (int i = 0; i < DISKS; i++) {
                final TestDriver driver = new TestDriver(BLOCK * BLOCKS + 512)
                        .limits(BlockLimits.UNLIMITED
                                .withAlignment(512)
                                .withMaxTransfer(1024)
                                .withZeroes(i == 1));
                final BlockNode node = bench.node("disk" + i, resizedToSectors(driver));
                disks.add(driver);
                model.put(node, driver.data().clone());
            }
            presentMedium = disks.get(0).node();
            bench.layer.insertMedium(backend, presentMedium);
            backend.attachDevice(new TestDevice("dev"), TestBench.READ_WRITE, Permission.ALL);
        }

        private static TestDriver resizedToSectors(final TestDriver driver) throws BlockException {
            driver.resizable().resize(driver.length() / 512 * 512);
            return driver;
        }

        void step() throws BlockException {
            switch (random.nextInt(12)) {
                case 0, 1, 2, 3, 4 -> submit();
                case 5 -> bench.context.runOnce();
                case 6 -> completeOne();
                case 7 -> hold();
                case 8 -> change();
                case 9 -> drain();
                case 10 -> endDrain();
                default -> filter();
            }
        }

        private void submit() {
            final int index = random.nextInt(BLOCKS);
            if (busy[index]) {
                return;
            }
            final int value = random.nextInt(100) + 1;
            final boolean zeroes = random.nextInt(4) == 0;
            final BlockNode target = presentMedium;
            final TestRequest request = zeroes
                    ? new TestRequest(Operation.WRITE_ZEROES, (long) index * BLOCK, BLOCK)
                    : new TestRequest(Operation.WRITE, (long) index * BLOCK, BLOCK).fill(value);
            if (!backend.submit(request.request)) {
                trace.add("full");
                return;
            }
            busy[index] = true;
            open++;
            request.then(() -> {
                busy[index] = false;
                open--;
                trace.add(request.request.operation() + " " + index + " " + request.request.status());
                if (request.request.succeeded()) {
                    final byte[] disk = Objects.requireNonNull(model.get(target));
                    Arrays.fill(disk, index * BLOCK, (index + 1) * BLOCK, (byte) (zeroes ? 0 : value));
                } else {
                    assertEquals(Status.MEDIUM_CHANGED, request.request.status());
                }
            });
        }

        private void completeOne() {
            final TestDriver disk = disks.get(random.nextInt(DISKS));
            if (!disk.held.isEmpty()) {
                disk.releaseAt(random.nextInt(disk.held.size()));
            }
        }

        private void hold() {
            disks.get(random.nextInt(DISKS)).hold();
        }

        private void change() throws BlockException {
            releaseLater();
            final BlockNode next = disks.get(random.nextInt(DISKS)).node();
            bench.layer.changeMedium(backend, next);
            presentMedium = next;
            trace.add("medium " + next.name());
        }

        private void drain() throws BlockException {
            releaseLater();
            drains.add(
                    switch (random.nextInt(3)) {
                        case 0 -> bench.layer.drainAll();
                        case 1 -> bench.layer.drain(backend);
                        default ->
                            bench.layer.drain(disks.get(random.nextInt(DISKS)).node());
                    });
            assertEquals(0, backend.drained() ? backend.pending() : 0);
        }

        private void endDrain() {
            if (!drains.isEmpty()) {
                drains.remove(random.nextInt(drains.size())).close();
            }
        }

        private void filter() throws BlockException {
            releaseLater();
            final BlockNode node = bench.node("filter" + filters++, new TestFilter());
            bench.layer.addFilter(backend, node);
            if (random.nextBoolean()) {
                bench.layer.removeFilter(backend, node);
                bench.layer.deleteNode(node.name());
            }
        }

        /* What waits for requests would wait for ever, did nobody complete them. */
        private void releaseLater() {
            bench.context
                    .timer(() -> disks.forEach(TestDriver::releaseAll))
                    .arm(bench.clock.nanoTime() + random.nextInt(1_000));
        }

        void finish() {
            while (!drains.isEmpty()) {
                endDrain();
            }
            disks.forEach(TestDriver::releaseAll);
            bench.context.runUntilIdle();
        }

        void check() {
            assertEquals(0, open, "every request completed");
            assertFalse(backend.drained());
            for (final TestDriver disk : disks) {
                assertEquals(0, disk.node().quiesceCount());
                assertEquals(0, disk.node().inFlight());
                assertEquals(0, disk.drainBegins() - disk.drainEnds());
                final byte[] expected = Objects.requireNonNull(model.get(disk.node()));
                assertEquals(-1, Arrays.mismatch(expected, disk.data()), disk.node() + " as the model has it");
            }
        }
    }

    private static Run run(final long seed) throws BlockException {
        final Run run = new Run(seed);
        for (int i = 0; i < STEPS; i++) {
            run.step();
        }
        run.finish();
        return run;
    }

    @Test
    void everyDiskHoldsWhatTheModelHasForManySeeds() throws BlockException {
        for (long seed = 0; seed < 150; seed++) {
            try {
                run(seed).check();
            } catch (final BlockException | RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 1234})
    void theSameSeedGivesTheSameTrace(final long seed) throws BlockException {
        final List<String> first = run(seed).trace;

        assertEquals(first, run(seed).trace);
        assertTrue(first.size() > 20);
    }
}
