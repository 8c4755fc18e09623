package io.drivebay.sim.workload;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.sim.SteppedDisk;
import io.drivebay.sim.guest.VirtioBlkGuest;
import io.drivebay.sim.verify.BlockStamp;
import io.drivebay.sim.verify.Verification;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioFeature;
import io.drivebay.virtio.blk.BlkOptions;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way on one thread: engine, driver, device, backend, disk and back. */
final class AllocationTest {
    private static final int REQUESTS = 100_000;
    private static final int MIB = 1 << 20;

    private static void steps(final WorkloadJob job, final SteppedDisk stepped, final int requests) {
        int handled = 0;
        while (handled < 2 * requests || (requests == 0 && !job.done())) {
            handled += job.step();
            stepped.context.runOnce();
            stepped.clock.advance(100);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aVerifiedRequestAllocatesNothing(final boolean packed) throws BlockException {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().getId();
        final DriverOptions split = DriverOptions.of(16, 4096);
        final DriverOptions options = packed ? split.with(VirtioFeature.RING_PACKED) : split;
        try (SteppedDisk stepped = new SteppedDisk(MIB);
                VirtioBlkGuest guest = stepped.guest(BlkOptions.of("vda"), options)) {
            final WorkloadSpec spec = WorkloadSpec.builder(AccessPattern.RANDRW)
                    .depth(16)
                    .runtimeNs(Long.MAX_VALUE / 2)
                    .verification(Verification.ofFreshMedium(new BlockStamp(4096, 1), 0, MIB))
                    .build();
            try (Workload workload = new Workload(spec, guest.targets(), stepped.clock)) {
                final WorkloadJob job = workload.jobs().get(0);
                steps(job, stepped, REQUESTS);

                final long before = threads.getThreadAllocatedBytes(self);
                steps(job, stepped, REQUESTS);
                final long allocated = threads.getThreadAllocatedBytes(self) - before;

                assertTrue(allocated < REQUESTS, () -> allocated + " bytes for " + REQUESTS + " requests");
                job.stop();
                steps(job, stepped, 0);
                assertTrue(job.done());
            }
        }
    }
}
