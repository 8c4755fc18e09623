package io.drivebay.sim.qtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.drivebay.backend.context.SystemClock;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class QtestAllocationTest {
    private static final int ACCESSES = 20_000;

    @TempDir
    private Path folder;

    private static long serverThread() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("drivebay-qtest") && thread.isAlive())
                .findFirst()
                .orElseThrow()
                .getId();
    }

    private static void access(final QtestClient client, final int times) {
        for (int i = 0; i < times; i++) {
            client.outb(0x1f3, i);
            assertEquals(i & 0xff, client.inb(0x1f3));
        }
    }

    @Test
    void anAccessAllocatesNothingOnEitherSide() throws Exception {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long self = Thread.currentThread().getId();
        try (QtestLink link = new QtestLink(folder, QtestLog.none())) {
            final QtestClient client = new QtestClient(link.socket(), SystemClock.INSTANCE);
            access(client, ACCESSES);
            final long server = serverThread();

            final long before = threads.getThreadAllocatedBytes(self) + threads.getThreadAllocatedBytes(server);
            access(client, ACCESSES);
            final long allocated =
                    threads.getThreadAllocatedBytes(self) + threads.getThreadAllocatedBytes(server) - before;

            assertTrue(allocated < ACCESSES, () -> allocated + " bytes for " + 2 * ACCESSES + " accesses");
        }
    }
}
