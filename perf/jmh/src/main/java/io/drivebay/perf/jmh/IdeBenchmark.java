package io.drivebay.perf.jmh;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.ide.ata.DiskOptions;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveOptions;
import io.drivebay.ide.media.TransitionTrace;
import io.drivebay.sim.guest.IdeMachine;
import io.drivebay.sim.ide.AtaCommand;
import io.drivebay.sim.ide.AtaDriver;
import io.drivebay.sim.ide.AtaDriver.Mode;
import io.drivebay.sim.ide.AtapiDriver;
import io.drivebay.sim.ide.IdeDriver;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A command from the guest's IDE driver through ports, task file, bus master and backend, and back by the interrupt, on
 * one thread: nanoseconds a command, and with {@code -bm sample} its percentiles.
 */
@State(Scope.Thread)
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class IdeBenchmark {
    private static final int LARGE = 128;
    private static final int SMALL = 8;
    private static final int CD_BLOCKS = 32;
    private static final long DISC_BYTES = 64 << 20;

    private Bench disk;
    private Bench disc;
    private IdeDriver first;
    private IdeDriver second;
    private AtapiDriver cd;
    private final AtaCommand readLarge = AtaDriver.transfer(Mode.DMA, false, 0, LARGE);
    private final AtaCommand readSmall = AtaDriver.transfer(Mode.DMA, false, 0, SMALL);
    private final byte[] read10 = AtapiDriver.cdb10(0x28, 16, CD_BLOCKS);

    @Setup
    public void open() throws BlockException {
        disk = Bench.stepped().insertNull();
        disc = Bench.stepped().insert(Map.of("driver", "memory", "size", DISC_BYTES));
        final IdeMachine machine = new IdeMachine(Deviation.STANDARD);
        machine.plugDisk(0, DiskOptions.of(DriveOptions.of("hd0")), disk.backend());
        machine.plugCd(2, DriveOptions.of("cd0"), disc.backend(), TransitionTrace.NONE);
        first = machine.driver(0, () -> disk.context().runOnce() >= 0);
        second = machine.driver(1, () -> disc.context().runOnce() >= 0);
        cd = new AtapiDriver(second, 0);
        cd.ready();
        checkWhatIsRead();
    }

    /** The disc is empty memory: a read must leave zeros in the guest's. Once, because looking allocates. */
    private void checkWhatIsRead() {
        final byte[] expected = new byte[CD_BLOCKS * AtapiDriver.BLOCK];
        final byte[] dirt = new byte[expected.length];
        Arrays.fill(dirt, (byte) 0x5a);
        second.fill(dirt);
        atapiRead32();
        if (!Arrays.equals(second.data(), expected)) {
            throw new IllegalStateException("the disc's blocks are not in the guest's memory");
        }
    }

    @TearDown
    public void close() {
        disk.close();
        disc.close();
    }

    /** READ DMA of 64 KiB from a disk that does nothing. */
    @Benchmark
    public void readDma64k() {
        first.beginDma(0, readLarge, LARGE * AtaDriver.SECTOR);
        require(first.finish());
    }

    /** READ DMA of 4 KiB from a disk that does nothing. */
    @Benchmark
    public void readDma4k() {
        first.beginDma(0, readSmall, SMALL * AtaDriver.SECTOR);
        require(first.finish());
    }

    /** READ(10) of 32 blocks by DMA from a disc in memory. */
    @Benchmark
    public void atapiRead32() {
        cd.beginDma(read10, CD_BLOCKS * AtapiDriver.BLOCK);
        require(second.finish());
    }

    private static void require(final IdeDriver driver) {
        if (!driver.ok()) {
            throw new IllegalStateException("the command failed: status " + driver.status());
        }
    }
}
