package io.drivebay.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.context.ParkPort;
import io.drivebay.backend.context.SystemClock;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.memory.MemoryRegion;
import io.drivebay.backend.memory.RegionPool;
import io.drivebay.backend.request.BlockRequest;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.posix.PortOptions;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is done for every request allocates nothing: measured, by the JVM's own count of the thread's allocations. */
class AllocationTest {
    private static final int WARM_UP = 3_000;
    private static final int MEASURED = 2_000;
    private static final int ROUNDS = 3;
    private static final int DEPTH = 16;
    private static final int LENGTH = 4096;

    @TempDir
    Path folder;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Reads and writes, in turn, in two segments, with a number of them in flight. */
    private static final class Load {
        private final Disk disk;
        private final BlockRequest[] requests = new BlockRequest[DEPTH];
        private int left;
        private int inFlight;
        private int failed;

        Load(final Disk disk) {
            this.disk = disk;
            for (int i = 0; i < DEPTH; i++) {
                final MemoryRegion memory = RegionPool.aligned(2 * LENGTH);
                requests[i] = new BlockRequest(this::completed);
                requests[i].set(i % 2 == 0 ? Operation.READ : Operation.WRITE, (long) i * 2 * LENGTH, 2 * LENGTH, 0);
                requests[i].vector().add(memory, LENGTH, LENGTH).add(memory, 0, LENGTH);
            }
        }

        private void completed(final BlockRequest request) {
            inFlight--;
            failed += request.status() == Status.OK ? 0 : 1;
            submit(request);
        }

        private void submit(final BlockRequest request) {
            if (left > 0) {
                left--;
                inFlight++;
                disk.backend.submit(request);
            }
        }

        void run(final int count) {
            left = count;
            for (final BlockRequest request : requests) {
                submit(request);
            }
            disk.runUntil(this::finished);
            assertEquals(0, failed);
        }

        private boolean finished() {
            return inFlight == 0;
        }
    }

    private static void assertAllocatesNothing(final Disk disk) {
        final Load load = new Load(disk);
        load.run(WARM_UP);
        final long thread = Thread.currentThread().getId();

        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < ROUNDS; i++) { // histograms and queues may still grow in one
            final long before = THREADS.getThreadAllocatedBytes(thread);
            load.run(MEASURED);
            bytes = Math.min(bytes, THREADS.getThreadAllocatedBytes(thread) - before);
        }

        assertTrue(bytes < MEASURED, "allocated at least " + bytes + " bytes in " + MEASURED + " requests");
    }

    @Test
    void throughFiltersIntoMemory() throws BlockException {
        try (Disk disk = new Disk(new VirtualClock(), new ParkPort())) {
            final Map<String, Object> memory = Map.of("driver", "memory", "size", 1 << 20);
            final Map<String, Object> raw = Map.of("driver", "raw", "offset", 4096, "file", memory);
            disk.open(Map.of("driver", "throttle", "limits.iops-total", 1_000_000_000, "file", raw));
            assertAllocatesNothing(disk);
        }
    }

    @Test
    void heldBackByAThrottleAndALatency() throws BlockException {
        try (Disk disk = new Disk(new VirtualClock(), new ParkPort())) {
            final Map<String, Object> slow = Map.of("driver", "null-co", "latency-ns", 5000);
            disk.open(Map.of("driver", "throttle", "limits.iops-total", 1000, "file", slow));
            assertAllocatesNothing(disk);
        }
    }

    @Test
    void intoAFileWithDirectIo() throws BlockException, IOException {
        final Path image = folder.resolve("image");
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(1 << 20);
        }
        try (Disk disk = new Disk(SystemClock.INSTANCE, Contexts.bestPort(PortOptions.DEFAULT))) {
            disk.open(Map.of("driver", "file", "filename", Objects.toString(image), "cache.direct", true));
            assertAllocatesNothing(disk);
            assertEquals(0L, disk.told("bounced-requests"));
        }
    }
}
