package io.drivebay.sim.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.request.Status;
import io.drivebay.sim.SeededRandom;
import io.drivebay.sim.guest.VirtioBlkGuest;
import io.drivebay.sim.machine.Pause;
import io.drivebay.sim.verify.JobVerifier;
import io.drivebay.sim.verify.Mismatch;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioFeature;
import io.drivebay.sim.workload.AccessPattern;
import io.drivebay.sim.workload.BackendTarget;
import io.drivebay.sim.workload.BlockSizes;
import io.drivebay.sim.workload.Workload;
import io.drivebay.sim.workload.WorkloadJob;
import io.drivebay.sim.workload.WorkloadResult;
import io.drivebay.sim.workload.WorkloadSpec;
import io.drivebay.virtio.blk.BlkOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SwapSimulationTest {
    private static final int SEEDS = 30;
    private static final int MAX_TURNS = 2_000_000;
    private static final Set<Status> OF_MEDIA = Set.of(Status.MEDIUM_CHANGED, Status.NO_MEDIUM);

    @Test
    void noRequestOfABackendIsLostOrServedFromTheWrongMedium() {
        final AtomicInteger swaps = new AtomicInteger();
        final AtomicLong verified = new AtomicLong();
        Seeds.check(SEEDS, simulation -> {
            final SimDrive drive = new SimDrive(simulation, 3, SimFaults.NONE);
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDRW)
                    .blockSizes(BlockSizes.parse("512:50,4k:50"))
                    .jobs(2)
                    .depth(6)
                    .count(600)
                    .seed(simulation.seed())
                    .verification(drive.knowledge)
                    .build();
            final Workload workload = new Workload(spec, BackendTarget.on(drive.backend), simulation.clock());
            final List<Actor> jobs = Simulation.actors(workload);
            simulation.addAll(jobs).add(drive.host(1, true, jobs));

            simulation.runUntil(() -> workload.jobs().stream().allMatch(WorkloadJob::done), MAX_TURNS);
            final WorkloadResult result = workload.result();

            assertEquals(List.of(), result.verification().examples());
            assertEquals(600, result.operations() + result.failed());
            assertTrue(OF_MEDIA.containsAll(result.failures().keySet()), result.failures()::toString);
            verified.addAndGet(result.verification().unitsVerified());
            swaps.addAndGet(drive.timeline.swaps());
            drive.layer.close();
        });
        assertTrue(swaps.get() > SEEDS, swaps::toString);
        assertTrue(verified.get() > 200L * SEEDS, verified::toString);
    }

    @ParameterizedTest
    @CsvSource({"NOTIFIER, false", "CONTEXT, false", "NOTIFIER, true", "CONTEXT, true"})
    void noRequestOfAGuestIsLostOrServedFromTheWrongMedium(
            final BlkOptions.Processing processing, final boolean packed) {
        final DriverOptions split = DriverOptions.of(12, 4096);
        final DriverOptions options = packed ? split.with(VirtioFeature.RING_PACKED) : split;
        final AtomicLong verified = new AtomicLong();
        Seeds.check(SEEDS, simulation -> {
            final SimDrive drive = new SimDrive(simulation, 3, SimFaults.NONE.withFailures(2));
            final Pause pause = Pause.stepping(drive.context, simulation.clock());
            try (VirtioBlkGuest machine = VirtioBlkGuest.start(
                    drive.backend, BlkOptions.of("vda").withProcessing(processing), options, pause)) {
                final JobVerifier eyes = drive.knowledge.job(12, 4096);
                final RandomGuest guest = new RandomGuest(machine.driver(), eyes, simulation.newRandom(), 600);
                final SeededRandom chance = simulation.newRandom();
                simulation.add(guest).add(drive.host(1, false, List.of(guest))).add(() -> {
                    final boolean now = chance.below(500) == 0;
                    if (now) {
                        guest.restart();
                    }
                    return now;
                });

                simulation.runUntil(guest::done, MAX_TURNS);

                assertEquals(List.of(), eyes.report().examples());
                assertEquals(guest.submitted, guest.completed + guest.dropped);
                verified.addAndGet(eyes.report().unitsVerified());
            }
            drive.layer.close();
        });
        assertTrue(verified.get() > 200L * SEEDS, verified::toString);
    }

    @Test
    void aSwapThatNobodyWasToldOfIsFoundOut() throws Exception {
        final Simulation simulation = new Simulation(1);
        final SimDrive drive = new SimDrive(simulation, 2, SimFaults.NONE);
        final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDREAD)
                .blockSizes(BlockSizes.of(512))
                .count(20)
                .verification(drive.knowledge)
                .build();
        final Workload workload = new Workload(spec, BackendTarget.on(drive.backend), simulation.clock());
        simulation.addAll(Simulation.actors(workload));
        final WorkloadJob job = workload.jobs().get(0);

        drive.layer.changeMedium(drive.backend, drive.nodes.get(1));
        simulation.runUntil(job::done, MAX_TURNS);

        assertEquals(20, workload.result().verification().mismatches());
        assertEquals(
                Mismatch.Kind.WRONG_MEDIUM,
                workload.result().verification().examples().get(0).kind());
    }

    @Test
    void theSameSeedMakesTheSameRun() throws Exception {
        assertEquals(trace(5), trace(5));
        assertTrue(!trace(5).equals(trace(6)));
    }

    private static String trace(final long seed) throws Exception {
        final Simulation simulation = new Simulation(seed);
        final SimDrive drive = new SimDrive(simulation, 2, SimFaults.NONE.withFailures(5));
        final WorkloadSpec spec =
                WorkloadSpec.builder(AccessPattern.RANDRW).depth(4).count(200).build();
        final Workload workload = new Workload(spec, BackendTarget.on(drive.backend), simulation.clock());
        simulation.addAll(Simulation.actors(workload)).add(drive.host(1, true, Simulation.actors(workload)));
        simulation.runUntil(() -> workload.jobs().stream().allMatch(WorkloadJob::done), MAX_TURNS);
        return simulation.steps() + " turns, " + simulation.clock().nanoTime() + " ns, "
                + workload.result().failures() + ", " + drive.changes + " changes, latency "
                + workload.result().latencyNs().getMean();
    }
}
