package io.drivebay.posix;

import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.posix.PortOptions.Engine;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Random reads of 4 KiB through a port, without the layers above: what the native side itself costs.
 *
 * <p>Arguments: {@code path io_uring|threads depth seconds [direct] [sleep] [mode]}. With {@code sleep} the loop sleeps in
 * {@code await} when a poll found nothing, else it polls on. Fails when a read is short. Prints the rate of each second and
 * their median.
 */
final class PortBenchmark {
    private static final int BLOCK = 4096;

    private final AsyncFilePort port;
    private final AsyncFile<Integer> file;
    private final long blocks;
    private final MemoryRegion memory;
    private final long address;
    private final boolean sleeps;
    private final SplittableRandom random = new SplittableRandom(1);
    private long completed;
    private boolean stopping;

    private PortBenchmark(final AsyncFilePort port, final PosixFile opened, final int depth, final boolean sleeps)
            throws PosixException {
        this.port = port;
        this.sleeps = sleeps;
        this.blocks = opened.status().sizeBytes() / BLOCK;
        this.memory = NativeMemory.allocate(depth * BLOCK).region();
        this.address = NativeMemory.addressOf(memory);
        this.file = port.attach(opened, this::completed);
    }

    private void start(final Integer place) {
        if (!file.read(address + place * (long) BLOCK, BLOCK, random.nextLong(blocks) * BLOCK, place)) {
            throw new IllegalStateException("refused");
        }
    }

    private void completed(final Integer place, final int result) {
        if (result != BLOCK) {
            throw new IllegalStateException("read returned " + result);
        }
        completed++;
        if (!stopping) {
            start(place);
        }
    }

    private double runFor(final long durationNs) {
        final long before = completed;
        final long startNs = System.nanoTime();
        long nowNs = startNs;
        while (nowNs - startNs < durationNs) {
            for (int i = 0; i < 16; i++) {
                if (port.poll() == 0 && sleeps) {
                    port.await(1_000_000_000L);
                }
            }
            nowNs = System.nanoTime();
        }
        return (completed - before) * 1e9 / (nowNs - startNs);
    }

    /** Processor time of this thread: says what an operation costs also where the machine has other things to do. */
    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static AsyncFilePort open(final String engine, final int depth, final String mode) throws PosixException {
        final PortOptions options = PortOptions.DEFAULT.withOperations(depth);
        if (engine.equals("threads")) {
            return AsyncFilePort.open(options.with(Engine.THREADS));
        }
        if (mode.isEmpty()) {
            return AsyncFilePort.open(options.with(Engine.IO_URING));
        }
        return UringPort.open(options, IoUring.open(depth + 2, 2 * (depth + 2), Set.of(UringMode.valueOf(mode))));
    }

    public static void main(final String[] arguments) throws PosixException {
        final List<String> words = List.of(arguments);
        final int depth = Integer.parseInt(arguments[2]);
        final int seconds = Integer.parseInt(arguments[3]);
        String mode = "";
        for (final UringMode known : UringMode.values()) {
            mode = words.contains(known.name()) ? known.name() : mode;
        }
        final OpenFlag[] flags = words.contains("direct") ? new OpenFlag[] {OpenFlag.DIRECT} : new OpenFlag[0];
        try (PosixFile opened = PosixFile.open(arguments[0], flags);
                AsyncFilePort port = open(arguments[1], depth, mode)) {
            final PortBenchmark benchmark = new PortBenchmark(port, opened, depth, words.contains("sleep"));
            for (int place = 0; place < depth; place++) {
                benchmark.start(place);
            }
            final double[] rates = new double[seconds];
            final long cpuBeforeNs = cpuNs();
            final long completedBefore = benchmark.completed;
            for (int second = 0; second < seconds; second++) {
                rates[second] = benchmark.runFor(1_000_000_000L);
                System.out.printf("%.0f ", rates[second]);
            }
            final double perCpuSecond = (benchmark.completed - completedBefore) * 1e9 / (cpuNs() - cpuBeforeNs);
            benchmark.stopping = true;
            Arrays.sort(rates);
            System.out.printf(
                    "%n%s depth %d %s: median %.0f/s best %.0f/s, %.0f per CPU second%n",
                    port, depth, words, rates[seconds / 2], rates[seconds - 1], perCpuSecond);
        }
    }
}
