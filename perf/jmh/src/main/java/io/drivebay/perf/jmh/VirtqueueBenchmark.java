package io.drivebay.perf.jmh;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.sim.guest.VirtioBlkGuest;
import io.drivebay.sim.virtio.DriverOptions;
import io.drivebay.sim.virtio.VirtioFeature;
import io.drivebay.sim.workload.CompletionBatch;
import io.drivebay.sim.workload.IoTarget;
import io.drivebay.sim.workload.Waiting;
import io.drivebay.virtio.blk.BlkOptions;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A request from the guest's driver through the virtqueue, the device, the backend and back into the used ring, on one
 * thread and a disk that does nothing: nanoseconds a request. Less {@link RingBenchmark#oneThreadDepth64}, it is what
 * parsing and completing a virtqueue's requests costs, driver and device together.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class VirtqueueBenchmark {
    private static final int DEPTH = 32;

    /** A guest on a disk that does nothing. */
    private static final class Rig {
        private final Bench bench;
        private final VirtioBlkGuest guest;
        private final IoTarget target;
        private final CompletionBatch completions = new CompletionBatch(DEPTH);

        Rig(final DriverOptions options) throws BlockException {
            bench = Bench.stepped().insertNull();
            guest = VirtioBlkGuest.start(
                    bench.backend(),
                    BlkOptions.of("bench"),
                    options,
                    () -> bench.context().runOnce() >= 0);
            target = guest.targets().open(new IoTarget.Shape(0, 1, DEPTH, Batch.BLOCK_BYTES, Waiting.POLL));
        }

        void requests() {
            final long nowNs = bench.context().clock().nanoTime();
            for (int slot = 0; slot < DEPTH; slot++) {
                if (!target.submit(slot, Operation.READ, (long) slot * Batch.BLOCK_BYTES, Batch.BLOCK_BYTES, nowNs)) {
                    throw new IllegalStateException("no room in the queue");
                }
            }
            target.kick();
            while (bench.context().runOnce() > 0) {
                // until nothing is left
            }
            completions.clear();
            target.poll(completions);
            if (completions.count() != DEPTH || completions.status(DEPTH - 1) != Status.OK) {
                throw new IllegalStateException(completions.count() + " of " + DEPTH + " requests came back");
            }
        }

        void close() throws BlockException {
            target.close();
            guest.close();
            bench.close();
        }
    }

    private Rig split;
    private Rig packed;

    @Setup
    public void open() throws BlockException {
        final DriverOptions options = DriverOptions.of(DEPTH, Batch.BLOCK_BYTES);
        split = new Rig(options);
        packed = new Rig(options.with(VirtioFeature.RING_PACKED));
    }

    @TearDown
    public void close() throws BlockException {
        split.close();
        packed.close();
    }

    /** A split ring. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public void request() {
        split.requests();
    }

    /** A packed ring. */
    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public void packedRequest() {
        packed.requests();
    }
}
