package io.drivebay.exports.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
final class ManyClientsTest {
    private static final int CLIENTS = 10_000;
    private static final int SPARE_DESCRIPTORS = 500;

    private final List<Process> crowds = new ArrayList<>();

    @AfterEach
    void leaveNobodyBehind() {
        crowds.forEach(Process::destroyForcibly);
    }

    private static long directBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private static Process clients(final Path socket, final int count) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyClients.class.getName(),
                        socket.toString(),
                        Integer.toString(count))
                .redirectErrorStream(true)
                .start();
    }

    @Test
    void tenThousandClientsAreServedAndCostLittleWhileTheyAreIdle() throws Exception {
        final UnixOperatingSystemMXBean system =
                (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        assumeTrue(
                system.getMaxFileDescriptorCount() >= CLIENTS + SPARE_DESCRIPTORS,
                "too few descriptors: " + system.getMaxFileDescriptorCount());
        try (Served served = new Served(NbdServerOptions.DEFAULT.withMaxConnections(CLIENTS + 10)).with("disk")) {
            final long directBefore = directBytes();
            final long heapBefore = heapBytes();
            final int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
            final Process crowd = clients(served.socket, CLIENTS);
            crowds.add(crowd);
            final BufferedReader said =
                    new BufferedReader(new InputStreamReader(crowd.getInputStream(), StandardCharsets.UTF_8));
            assertEquals("all in", said.readLine());

            assertEquals(CLIENTS, served.server.exports().get(0).clients());
            assertServes(served);
            final long direct = directBytes() - directBefore;
            final long heap = heapBytes() - heapBefore;
            assertTrue(direct < 16 << 20, "direct memory: " + direct);
            assertTrue(heap < CLIENTS * 8192L, "heap: " + heap);
            assertTrue(ManagementFactory.getThreadMXBean().getThreadCount() <= threadsBefore + 4);
            crowd.getOutputStream().close();
            assertEquals("left " + CLIENTS, said.readLine());
        }
    }

    private static void assertServes(final Served served) throws IOException {
        try (RawClient another = served.connect()) {
            assertEquals(0, another.simple("disk").ask(0, 3, 0, 0).error());
        }
    }

    @Test
    void whoComesWhenTheServerIsFullWaitsAndGetsInLater() throws Exception {
        try (Served served = new Served(NbdServerOptions.DEFAULT.withMaxConnections(2)).with("disk")) {
            final RawClient first = served.connect().simple("disk");
            final RawClient second = served.connect().simple("disk");
            try (RawClient third = served.connect()) {
                assertEquals(0, first.ask(0, 3, 0, 0).error()); // who is answered has been counted
                assertEquals(0, second.ask(0, 3, 0, 0).error());
                assertEquals(2, served.server.exports().get(0).clients());
                first.close();

                assertEquals(0, third.simple("disk").ask(0, 3, 0, 0).error());
            }
            second.close();
        }
    }
}
