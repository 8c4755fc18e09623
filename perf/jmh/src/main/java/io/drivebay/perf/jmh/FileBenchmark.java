package io.drivebay.perf.jmh;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.posix.PosixException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/**
 * 4 KiB random reads of a file in batches of 32, from another thread: nanoseconds a request. On tmpfs it is what the file
 * driver and io_uring cost; on a disk with O_DIRECT the disk is in it. Each block holds its own number.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class FileBenchmark {
    private static final int DEPTH = 32;
    private static final int BLOCKS = 16_384;
    private static final Path TMPFS = Path.of("/dev/shm");

    /** Where the file lies. */
    public enum Place {
        /** In memory, through the page cache. */
        TMPFS,
        /** In the system's temporary folder, past the page cache. */
        DISK
    }

    @Param({"TMPFS", "DISK"})
    private Place place;

    private Path file;
    private Bench bench;
    private Batch batch;
    private final long[] blocks = new long[DEPTH];
    private final SplittableRandom random = new SplittableRandom(1);

    @Setup
    public void open() throws IOException, BlockException, PosixException {
        final boolean direct = place == Place.DISK;
        final Path folder =
                !direct && Files.isWritable(TMPFS) ? TMPFS : Path.of(System.getProperty("java.io.tmpdir", "."));
        file = Files.createTempFile(folder, "drivebay", ".img");
        fill();
        bench = Bench.threaded()
                .insert(Map.of(
                        "driver", "file", "filename", file.toString(), "read-only", true, "cache.direct", direct));
        batch = new Batch(bench.backend(), DEPTH);
    }

    private void fill() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            final ByteBuffer block = ByteBuffer.allocate(Batch.BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            for (long i = 0; i < BLOCKS; i++) {
                block.clear().putLong(0, i);
                channel.write(block, i * Batch.BLOCK_BYTES);
            }
            channel.force(true);
        }
    }

    @TearDown
    public void close() throws IOException {
        bench.close();
        Files.delete(file);
    }

    @Benchmark
    @OperationsPerInvocation(DEPTH)
    public void randomRead() {
        for (int i = 0; i < DEPTH; i++) {
            blocks[i] = random.nextInt(BLOCKS);
        }
        batch.submit(blocks);
        batch.await();
        for (int i = 0; i < DEPTH; i++) {
            if (batch.word(i) != blocks[i]) {
                throw new IllegalStateException("block " + blocks[i] + " holds " + batch.word(i));
            }
        }
    }
}
