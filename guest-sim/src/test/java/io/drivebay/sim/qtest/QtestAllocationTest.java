package io.drivebay.sim.qtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.drivebay.backend.context.SystemClock;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class QtestAllocationTest {
    private static final int ACCESSES = 20_000;
    private static final int ROUNDS = 10;

    @TempDir
    private Path folder;

    private static void access(final QtestClient client, final int times) {
        for (int i = 0; i < times; i++) {
            client.outb(0x1f3, i);
            assertEquals(i & 0xff, client.inb(0x1f3));
        }
    }

    /** What a round of accesses has allocated on both sides, in bytes. */
    private static long round(final QtestClient client, final long server) {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().getId();
        final long before = threads.getThreadAllocatedBytes(self) + threads.getThreadAllocatedBytes(server);
        access(client, ACCESSES);
        return threads.getThreadAllocatedBytes(self) + threads.getThreadAllocatedBytes(server) - before;
    }

    /* In one round at least: on a busy machine either side falls asleep now and then, which does allocate. */
    @Test
    void anAccessAllocatesNothingOnEitherSide() throws Exception {
        try (QtestLink link = new QtestLink(folder, QtestLog.none())) {
            final QtestClient client = new QtestClient(link.socket(), SystemClock.INSTANCE);
            access(client, ACCESSES);
            final long server = link.context.call(() -> Thread.currentThread().getId());

            assertTrue(IntStream.range(0, ROUNDS).anyMatch(i -> round(client, server) < ACCESSES));
        }
    }
}
