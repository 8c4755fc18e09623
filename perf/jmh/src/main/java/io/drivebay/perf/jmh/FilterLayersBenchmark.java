package io.drivebay.perf.jmh;

import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The whole path of a request through 0 to 32 filters, on one thread: nanoseconds a request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FilterLayersBenchmark {
    private static final int DEPTH = 64;

    @Param({"0", "1", "8", "32"})
    private int layers;

    private Bench bench;
    private Batch batch;
    private @Nullable PassThrough top;
    private long submitted;
    private final long[] blocks = new long[DEPTH];

    @Setup
    public void open() throws BlockException {
        bench = Bench.stepped();
        BlockNode node = new Blockdevs(bench.layer())
                .add(bench.context(), Map.of("driver", "null-co", "size", Bench.DISK_BYTES));
        for (int i = 0; i < layers; i++) {
            top = new PassThrough(Bench.DISK_BYTES);
            node = bench.layer()
                    .addNode("layer" + i, bench.context(), NodeOptions.DEFAULTS, top, Map.of(PassThrough.CHILD, node));
        }
        bench.insert(node);
        batch = new Batch(bench.backend(), DEPTH);
        for (int i = 0; i < DEPTH; i++) {
            blocks[i] = i;
        }
    }

    @TearDown
    public void close() {
        final PassThrough filter = top;
        if (filter != null && filter.seen() != submitted) {
            throw new IllegalStateException("the top layer saw " + filter.seen() + " of " + submitted);
        }
        bench.close();
    }

    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public void request() {
        batch.submit(blocks);
        submitted += DEPTH;
        while (bench.context().runOnce() > 0) {
            // until nothing is left
        }
        if (!batch.allBack()) {
            throw new IllegalStateException("a request did not come back");
        }
    }
}
