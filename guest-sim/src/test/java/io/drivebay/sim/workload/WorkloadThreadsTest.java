package io.drivebay.sim.workload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.request.Operation;
import io.drivebay.sim.MemoryDisk;
import io.drivebay.sim.guest.VirtioBlkGuest;
import io.drivebay.sim.verify.BlockStamp;
import io.drivebay.sim.verify.Verification;
import io.drivebay.virtio.blk.BlkOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class WorkloadThreadsTest {
    private static final int MIB = 1 << 20;
    private static final long MS = 1_000_000;

    private final IoContext context = new IoContext("test", SystemClock.INSTANCE, new ParkPort()).start();

    @AfterEach
    void closeContext() {
        context.close();
    }

    private static WorkloadResult run(final WorkloadSpec spec, final BlockBackend backend) {
        try (Workload workload = new Workload(spec, BackendTarget.on(backend), SystemClock.INSTANCE)) {
            return workload.run();
        }
    }

    @Test
    void aCountOfRequestsIsDoneExactlyByPollingJobs() throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final BlockBackend backend = new MemoryDisk(4 * MIB).backend(layer, context);
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDREAD)
                    .depth(16)
                    .count(50_001)
                    .jobs(2)
                    .build();

            final WorkloadResult result = run(spec, backend);

            assertEquals(50_001, result.operations());
            assertEquals(50_001L * 4096, result.bytes());
            assertEquals(Map.of(), result.failures());
            assertEquals(50_001, result.latencyNs().getTotalCount());
        }
    }

    @Test
    void writtenBlocksAreReadBackAndVerifiedBySleepingJobs() throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final BlockBackend backend = new MemoryDisk(MIB).backend(layer, context);
            final BlockSizes sizes = BlockSizes.parse("4k:70,16k:30");
            final Verification knowledge = Verification.ofFreshMedium(new BlockStamp(sizes.unitBytes(), 7), 0, MIB);
            final WorkloadSpec fill = WorkloadSpec.builder(AccessPattern.WRITE)
                    .blockSizes(BlockSizes.of(64 << 10))
                    .count(16)
                    .verification(knowledge)
                    .build();
            final WorkloadSpec mix = WorkloadSpec.builder(AccessPattern.RANDRW)
                    .blockSizes(sizes)
                    .jobs(2)
                    .depth(8)
                    .count(5_000)
                    .waiting(Waiting.INTERRUPT)
                    .verification(knowledge)
                    .build();

            final WorkloadResult filled = run(fill, backend);
            final WorkloadResult mixed = run(mix, backend);

            assertEquals(16, filled.writes().operations());
            assertEquals(List.of(), mixed.verification().examples());
            assertEquals(0, mixed.verification().unitsUnknown());
            assertTrue(mixed.verification().unitsVerified() > 2_000, mixed.verification()::toString);
            assertEquals(5_000, mixed.operations());
        }
    }

    @Test
    void aRunningWorkloadTellsItsProgressAndEndsAfterItsRuntime() throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final BlockBackend backend = new MemoryDisk(MIB).backend(layer, context);
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.READ)
                    .depth(4)
                    .ratePerSecond(20_000)
                    .warmupNs(20 * MS)
                    .runtimeNs(250 * MS)
                    .waiting(Waiting.INTERRUPT)
                    .build();
            final List<WorkloadProgress> progress = new ArrayList<>();

            final WorkloadResult result;
            try (Workload workload =
                    new Workload(spec, BackendTarget.on(backend), SystemClock.INSTANCE, progress::add)) {
                result = workload.run();
            }

            assertEquals(5_000, result.operations() + result.neverBegun());
            assertEquals(3, result.intervals().size());
            assertEquals(3, progress.size());
            assertEquals(result.operations(), progress.get(2).operations());
        }
    }

    @ParameterizedTest
    @EnumSource
    void jobsWriteAndVerifyHoweverTheyWait(final Waiting waiting) throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDRW)
                    .jobs(2)
                    .depth(16)
                    .count(20_000)
                    .waiting(waiting)
                    .verification(Verification.ofFreshMedium(new BlockStamp(4096, 7), 0, MIB))
                    .build();

            final WorkloadResult result = run(spec, new MemoryDisk(MIB).backend(layer, context));

            assertEquals(20_000, result.operations());
            assertEquals(List.of(), result.verification().examples());
            assertTrue(result.verification().unitsVerified() > 5_000, result.verification()::toString);
        }
    }

    @Test
    void aJobInTheContextKeepsToItsRateAndItsRuntime() throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.READ)
                    .depth(4)
                    .ratePerSecond(20_000)
                    .runtimeNs(250 * MS)
                    .waiting(Waiting.CONTEXT)
                    .build();

            final WorkloadResult result = run(spec, new MemoryDisk(MIB).backend(layer, context));

            assertEquals(5_000, result.operations() + result.neverBegun());
        }
    }

    @Test
    void aJobInTheContextThatLosesARequestFailsTheRun() throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final IoTarget target =
                    new LosingTarget(new MemoryDisk(MIB).backend(layer, context).context());
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.READ)
                    .count(1)
                    .stallNs(MS)
                    .waiting(Waiting.CONTEXT)
                    .build();
            try (Workload workload = new Workload(spec, shape -> target, SystemClock.INSTANCE)) {
                final IllegalStateException lost = assertThrows(IllegalStateException.class, workload::run);

                assertTrue(String.valueOf(lost.getMessage()).contains("slot 0: READ offset=0"), lost::toString);
            }
        }
    }

    /** Takes requests and never brings them back. */
    private record LosingTarget(IoContext disk) implements IoTarget {
        @Override
        public long lengthBytes() {
            return MIB;
        }

        @Override
        public MemoryRegion memory(final int slot) {
            throw new AssertionError("nothing is verified");
        }

        @Override
        public int memoryOffset(final int slot) {
            return 0;
        }

        @Override
        public boolean submit(
                final int slot, final Operation operation, final long offset, final int length, final long nowNs) {
            return true;
        }

        @Override
        public void kick() {
            // it is lost
        }

        @Override
        public void poll(final CompletionBatch batch) {
            // never any
        }

        @Override
        public void await(final long timeoutNs) {
            throw new AssertionError("a job in the context does not sleep");
        }

        @Override
        public IoContext enterContext(final Runnable onCompletion) {
            return disk;
        }

        @Override
        public void close() {
            // nothing
        }
    }

    @Test
    void aGuestCannotRunInTheContext() throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.READ)
                    .count(1)
                    .waiting(Waiting.CONTEXT)
                    .build();
            try (VirtioBlkGuest guest = VirtioBlkGuest.forWorkload(
                            new MemoryDisk(MIB).backend(layer, context),
                            BlkOptions.of("vda"),
                            spec,
                            SystemClock.INSTANCE);
                    Workload workload = new Workload(spec, guest.targets(), SystemClock.INSTANCE)) {
                assertThrows(IllegalArgumentException.class, workload::run);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"POLL", "INTERRUPT"})
    void aGuestWithTwoQueuesWritesAndVerifies(final Waiting waiting) throws BlockException {
        try (BlockLayer layer = new BlockLayer()) {
            final BlockBackend backend = new MemoryDisk(MIB).backend(layer, context);
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDRW)
                    .jobs(2)
                    .depth(16)
                    .count(20_000)
                    .waiting(waiting)
                    .verification(Verification.ofFreshMedium(new BlockStamp(4096, 7), 0, MIB))
                    .build();

            final WorkloadResult result;
            try (VirtioBlkGuest guest =
                            VirtioBlkGuest.forWorkload(backend, BlkOptions.of("vda"), spec, SystemClock.INSTANCE);
                    Workload workload = new Workload(spec, guest.targets(), SystemClock.INSTANCE)) {
                result = workload.run();
            }

            assertEquals(20_000, result.operations());
            assertEquals(List.of(), result.verification().examples());
            assertTrue(result.verification().unitsVerified() > 5_000, result.verification()::toString);
        }
    }
}
