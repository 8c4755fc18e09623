package io.drivebay.perf.peers;

import com.sun.management.OperatingSystemMXBean;
import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * What ten thousand idle backends cost. Prints one number: with {@code memory} the bytes of heap that they hold, with
 * {@code cpu} the share of one processor that the process uses over ten seconds, in percent.
 */
public final class IdleBackends {
    private static final int BACKENDS = 10_000;
    private static final long WATCHED_MS = 10_000;
    /* The compiler has its own work after the start, which is not what is asked for. */
    private static final long SETTLING_MS = 5_000;
    private static final int COLLECTIONS = 3;

    private IdleBackends() {}

    /** Measures one of the two. */
    public static void main(final String[] args) throws InterruptedException {
        final long before = usedBytes();
        final List<BlockBackend> backends = new ArrayList<>(BACKENDS);
        try (IoContext context = new IoContext("idle", SystemClock.INSTANCE, new ParkPort()).start();
                BlockLayer layer = new BlockLayer()) {
            for (int i = 0; i < BACKENDS; i++) {
                backends.add(layer.createBackend(context));
            }
            if (args.length == 1 && args[0].equals("memory")) {
                System.out.println(usedBytes() - before);
            } else {
                System.out.println(cpuPercent());
            }
            if (backends.stream().anyMatch(BlockBackend::dead)) {
                throw new IllegalStateException("a backend did not live");
            }
        }
    }

    private static long usedBytes() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static double cpuPercent() throws InterruptedException {
        final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        Thread.sleep(SETTLING_MS);
        final long cpuNs = system.getProcessCpuTime();
        final long ns = System.nanoTime();
        Thread.sleep(WATCHED_MS);
        return 100.0 * (system.getProcessCpuTime() - cpuNs) / (System.nanoTime() - ns);
    }
}
