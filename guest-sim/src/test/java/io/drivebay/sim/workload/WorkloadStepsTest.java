package io.drivebay.sim.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The engine's own doing, with a target and a clock in the test's hands. */
final class WorkloadStepsTest {
    private static final long US = 1_000;
    private static final long MS = 1_000_000;

    /** Keeps what is submitted until the test completes it. */
    private static final class HeldTarget implements IoTarget {
        private final MemoryRegion memory;
        private final int slotBytes;
        private final List<String> submitted = new ArrayList<>();
        private final List<Integer> held = new ArrayList<>();
        private final List<Integer> completed = new ArrayList<>();
        private Status status = Status.OK;
        private boolean full;
        private boolean closed;
        private int kicks;

        HeldTarget(final Shape shape) {
            slotBytes = shape.slotBytes();
            memory = MemoryRegion.allocate(slotBytes * shape.slots());
        }

        void completeAll() {
            completed.addAll(held);
            held.clear();
        }

        @Override
        public long lengthBytes() {
            return 1 << 20;
        }

        @Override
        public MemoryRegion memory(final int slot) {
            return memory;
        }

        @Override
        public int memoryOffset(final int slot) {
            return slot * slotBytes;
        }

        @Override
        public boolean submit(
                final int slot, final Operation operation, final long offset, final int length, final long nowNs) {
            if (full) {
                return false;
            }
            submitted.add(operation + " " + offset + " " + length);
            held.add(slot);
            return true;
        }

        @Override
        public void kick() {
            kicks++;
        }

        @Override
        public void poll(final CompletionBatch batch) {
            completed.forEach(slot -> batch.add(slot, status));
            completed.clear();
        }

        @Override
        public void await(final long timeoutNs) {}

        @Override
        public void close() {
            closed = true;
        }
    }

    private final VirtualClock clock = new VirtualClock();
    private final List<HeldTarget> targets = new ArrayList<>();

    private Workload workload(final WorkloadSpec.Builder builder) {
        return new Workload(
                builder.build(),
                shape -> {
                    targets.add(new HeldTarget(shape));
                    return targets.get(targets.size() - 1);
                },
                clock);
    }

    private static void stepUntilIdle(final Workload workload) {
        boolean any = true;
        while (any) {
            any = false;
            for (final WorkloadJob job : workload.jobs()) {
                any |= !job.done() && job.step() > 0;
            }
        }
    }

    private static WorkloadSpec.Builder sequential() {
        return WorkloadSpec.builder(AccessPattern.READ);
    }

    @Test
    void aClosedLoopKeepsItsDepthInFlightWithOneKick() {
        final Workload workload = workload(sequential().depth(4).count(10));

        stepUntilIdle(workload);

        assertEquals(
                List.of("READ 0 4096", "READ 4096 4096", "READ 8192 4096", "READ 12288 4096"),
                targets.get(0).submitted);
        assertEquals(1, targets.get(0).kicks);
        assertEquals(4, workload.jobs().get(0).inFlight());
    }

    @Test
    void latencyIsFromSubmissionToCompletionInAClosedLoop() {
        final Workload workload = workload(sequential().count(2));
        stepUntilIdle(workload);
        clock.advance(100 * US);
        targets.get(0).completeAll();
        stepUntilIdle(workload);
        clock.advance(300 * US);
        targets.get(0).completeAll();
        stepUntilIdle(workload);

        final WorkloadResult result = workload.result();

        assertEquals(2, result.reads().operations());
        assertEquals(400 * US, result.elapsedNs());
        assertEquals(300, Math.round(result.latencyNs().getMaxValue() / 1000.0));
        assertEquals(100, Math.round(result.latencyNs().getMinNonZeroValue() / 1000.0));
    }

    @Test
    void latencyIsFromTheIntendedStartInAnOpenLoop() {
        final Workload workload =
                workload(sequential().ratePerSecond(10_000).count(3).depth(1));
        stepUntilIdle(workload);
        clock.advance(1 * MS);
        targets.get(0).completeAll();
        stepUntilIdle(workload);
        targets.get(0).completeAll();
        stepUntilIdle(workload);
        targets.get(0).completeAll();
        stepUntilIdle(workload);

        final WorkloadResult result = workload.result();

        // intended at 0, 100 and 200 us; all completed at 1000 us
        assertEquals(1000, Math.round(result.latencyNs().getMaxValue() / 1000.0));
        assertEquals(800, Math.round(result.latencyNs().getMinNonZeroValue() / 1000.0));
    }

    @Test
    void anOpenLoopWaitsForItsTimesAndSaysWhen() {
        final Workload workload =
                workload(sequential().ratePerSecond(10_000).count(3).depth(8));
        stepUntilIdle(workload);
        final WorkloadJob job = workload.jobs().get(0);

        assertEquals(1, targets.get(0).submitted.size());
        assertEquals(100 * US, job.nextEventNs());
        clock.advanceTo(job.nextEventNs());
        stepUntilIdle(workload);
        assertEquals(2, targets.get(0).submitted.size());
    }

    @Test
    void jobsOfAnOpenLoopTakeTurns() {
        final Workload workload =
                workload(sequential().ratePerSecond(10_000).count(4).jobs(2).depth(4));
        stepUntilIdle(workload);

        assertEquals(0, targets.get(1).submitted.size());
        assertEquals(100 * US, workload.jobs().get(1).nextEventNs());
        assertEquals(200 * US, workload.jobs().get(0).nextEventNs());
    }

    @Test
    void whatNeverBeganIsCounted() {
        final Workload workload =
                workload(sequential().ratePerSecond(10_000).runtimeNs(1 * MS).depth(1));
        stepUntilIdle(workload);
        clock.advance(2 * MS);
        targets.get(0).completeAll();
        stepUntilIdle(workload);

        assertEquals(1, workload.result().operations());
        assertEquals(9, workload.result().neverBegun());
    }

    @Test
    void theWarmUpIsNotCounted() {
        final Workload workload =
                workload(sequential().warmupNs(1 * MS).count(1).depth(1));
        stepUntilIdle(workload);
        clock.advance(500 * US);
        targets.get(0).completeAll();
        stepUntilIdle(workload);
        clock.advance(600 * US);
        targets.get(0).completeAll();
        stepUntilIdle(workload);
        clock.advance(10 * US);
        targets.get(0).completeAll();
        stepUntilIdle(workload);

        assertEquals(3, targets.get(0).submitted.size());
        assertEquals(1, workload.result().operations());
        assertEquals(10, Math.round(workload.result().latencyNs().getMaxValue() / 1000.0));
    }

    @Test
    void failuresAreCountedByStatusAndHaveNoLatency() {
        final Workload workload = workload(sequential().count(2).depth(2));
        stepUntilIdle(workload);
        targets.get(0).status = Status.NO_SPACE;
        targets.get(0).completeAll();
        stepUntilIdle(workload);

        assertEquals(Map.of(Status.NO_SPACE, 2L), workload.result().failures());
        assertEquals(0, workload.result().operations());
    }

    @Test
    void aFullTargetIsTriedAgainWithTheSameRequest() {
        final Workload workload = workload(sequential().count(2).depth(2));
        workload.jobs().get(0).step();
        targets.get(0).held.clear();
        targets.get(0).submitted.clear();
        final Workload second = workload(sequential().count(2).depth(2));
        targets.get(1).full = true;
        stepUntilIdle(second);
        targets.get(1).full = false;
        stepUntilIdle(second);

        assertEquals(List.of("READ 0 4096", "READ 4096 4096"), targets.get(1).submitted);
        assertEquals(2, second.jobs().get(0).inFlight());
    }

    @Test
    void aLostRequestIsNamed() {
        final Workload workload = workload(sequential().count(1).stallNs(5 * MS));
        stepUntilIdle(workload);
        clock.advance(6 * MS);

        final IllegalStateException lost = assertThrows(IllegalStateException.class, () -> stepUntilIdle(workload));

        assertTrue(
                String.valueOf(lost.getMessage()).contains("slot 0: READ offset=0 length=4096 age=6000us"),
                lost.getMessage());
    }

    @Test
    void whatIsStoppedWaitsForWhatIsInFlight() {
        final Workload workload = workload(sequential().depth(3).runtimeNs(MS));
        stepUntilIdle(workload);
        workload.stop();
        stepUntilIdle(workload);
        assertThrows(IllegalStateException.class, workload::result);

        targets.get(0).completeAll();
        stepUntilIdle(workload);

        assertEquals(3, workload.result().operations());
    }

    @Test
    void intervalsAreLoggedEvenWhenNothingHappens() {
        final Workload workload = workload(sequential().count(2).depth(1));
        stepUntilIdle(workload);
        clock.advance(50 * MS);
        targets.get(0).completeAll();
        stepUntilIdle(workload);
        clock.advance(300 * MS);
        targets.get(0).completeAll();
        stepUntilIdle(workload);

        final List<IntervalSample> intervals = workload.result().intervals();

        assertEquals(
                List.of(1L, 0L, 0L, 1L),
                intervals.stream().map(IntervalSample::operations).toList());
        assertEquals(300 * MS, intervals.get(3).startNs());
    }

    @Test
    void jobsHavePartsOfTheRangeOfTheirOwnAndComeRoundInThem() {
        final Workload workload =
                workload(sequential().jobs(2).count(8).range(8192, 24_576).depth(4));
        stepUntilIdle(workload);

        assertEquals(
                List.of("READ 8192 4096", "READ 12288 4096", "READ 16384 4096", "READ 8192 4096"),
                targets.get(0).submitted);
        assertEquals("READ 20480 4096", targets.get(1).submitted.get(0));
    }

    @Test
    void aMixFollowsItsSharesAndItsSeed() {
        final WorkloadSpec.Builder mix = WorkloadSpec.builder(AccessPattern.RANDRW)
                .readPercent(70)
                .blockSizes(BlockSizes.parse("4k:75,16k:25"))
                .depth(4000)
                .count(4000)
                .seed(3);
        stepUntilIdle(workload(mix));
        stepUntilIdle(workload(mix));
        stepUntilIdle(workload(mix.seed(4)));
        final List<String> submitted = targets.get(0).submitted;

        final long reads =
                submitted.stream().filter(text -> text.startsWith("READ")).count();
        final long large =
                submitted.stream().filter(text -> text.endsWith("16384")).count();
        assertEquals(0.70, reads / 4000.0, 0.03);
        assertEquals(0.25, large / 4000.0, 0.03);
        assertEquals(submitted, targets.get(1).submitted);
        assertTrue(!submitted.equals(targets.get(2).submitted));
    }

    @Test
    void aRangeThatDoesNotFitIsRefusedAndTheTargetsAreClosed() {
        final IllegalArgumentException beyond = assertThrows(
                IllegalArgumentException.class,
                () -> workload(sequential().count(1).range(0, 2 << 20)));
        assertThrows(
                IllegalArgumentException.class,
                () -> workload(sequential().count(1).range(0, 8192).jobs(3)));

        assertTrue(String.valueOf(beyond.getMessage()).contains("which has 1048576 bytes"), beyond.getMessage());
        assertTrue(targets.stream().allMatch(target -> target.closed));
    }
}
