package io.drivebay.perf.jmh;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.posix.PosixException;
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

/** Submission ring, gate, statistics and completion, on a disk that does nothing: nanoseconds a request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RingBenchmark {
    private static final int DEEP = 64;

    private Bench stepped;
    private Bench threaded;
    private Batch steppedOne;
    private Batch steppedMany;
    private Batch threadedOne;
    private Batch threadedMany;
    private final long[] blocks = new long[DEEP];

    @Setup
    public void open() throws BlockException, PosixException {
        stepped = Bench.stepped().insertNull();
        threaded = Bench.threaded().insertNull();
        steppedOne = new Batch(stepped.backend(), 1);
        steppedMany = new Batch(stepped.backend(), DEEP);
        threadedOne = new Batch(threaded.backend(), 1);
        threadedMany = new Batch(threaded.backend(), DEEP);
        for (int i = 0; i < DEEP; i++) {
            blocks[i] = i;
        }
    }

    @TearDown
    public void close() {
        stepped.close();
        threaded.close();
    }

    /** One thread, one request at a time. */
    @Benchmark
    public void oneThreadDepth1() {
        step(steppedOne);
    }

    /** One thread, 64 requests at a time. */
    @Benchmark
    @OperationsPerInvocation(DEEP)
    public void oneThreadDepth64() {
        step(steppedMany);
    }

    private void step(final Batch batch) {
        batch.submit(blocks);
        while (stepped.context().runOnce() > 0) {
            // until nothing is left
        }
        if (!batch.allBack()) {
            throw new IllegalStateException("a request did not come back");
        }
    }

    /** From another thread and back, one request at a time. */
    @Benchmark
    public void twoThreadsDepth1() {
        threadedOne.submit(blocks);
        threadedOne.await();
    }

    /** From another thread and back, in batches of 64. */
    @Benchmark
    @OperationsPerInvocation(DEEP)
    public void twoThreadsDepth64() {
        threadedMany.submit(blocks);
        threadedMany.await();
    }
}
