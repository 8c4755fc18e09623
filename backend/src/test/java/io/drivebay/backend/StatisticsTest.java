package io.drivebay.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.TestDriver;
import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import io.drivebay.backend.stats.IntervalStatistics;
import io.drivebay.backend.stats.OperationStatistics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StatisticsTest {
    private final TestBench bench = new TestBench();
    private final TestDriver driver = new TestDriver(TestBench.DISK_BYTES);
    private BlockBackend backend = bench.backend();

    @BeforeEach
    void insert() throws BlockException {
        backend = bench.backendOn(bench.node("disk", driver));
    }

    private static OperationStatistics of(final IntervalStatistics interval, final Operation operation) {
        final OperationStatistics found = interval.of(operation);
        assertNotNull(found, "there were operations of this kind");
        return found;
    }

    @Test
    void timeIsSplitIntoQueueAndService() {
        driver.hold();
        new TestRequest(Operation.READ, 0, 4096).submitTo(backend);
        bench.clock.advance(300);
        bench.context.runUntilIdle();
        bench.clock.advance(700);
        driver.releaseAll();

        final OperationStatistics reads = of(backend.statistics().present(), Operation.READ);

        assertEquals(1, reads.operations());
        assertEquals(4096, reads.bytes());
        assertEquals(300, reads.queueNs().getMaxValue());
        assertEquals(700, reads.serviceNs().getMaxValue());
    }

    @Test
    void failuresHaveAHistogramOfTheirOwnAndCountNoBytes() {
        driver.failing(Status.IO_ERROR, request -> true);
        bench.perform(backend, Operation.WRITE, 0, 512);
        bench.perform(backend, Operation.WRITE, 0, -1);

        final IntervalStatistics present = backend.statistics().present();
        final OperationStatistics writes = of(present, Operation.WRITE);

        assertEquals(0, writes.operations());
        assertEquals(0, writes.bytes());
        assertEquals(1, writes.failedOperations());
        assertEquals(1, writes.failedServiceNs().getTotalCount());
        assertEquals(0, writes.serviceNs().getTotalCount());
        assertEquals(1, present.invalidOperations());
    }

    @Test
    void aResetWhileRequestsRunLosesNoneAndCountsNoneTwice() {
        long counted = 0;
        for (int i = 0; i < 200; i++) {
            new TestRequest(Operation.READ, 0, 512).submitTo(backend);
            if (i % 7 == 0) {
                bench.context.runOnce();
            }
            if (i % 13 == 0) {
                final OperationStatistics taken = backend.statistics().reset().of(Operation.READ);
                counted += taken == null ? 0 : taken.operations();
            }
        }
        bench.context.runUntilIdle();
        counted += of(backend.statistics().reset(), Operation.READ).operations();

        assertEquals(200, counted);
        assertNull(backend.statistics().present().of(Operation.READ));
    }

    @Test
    void eachGenerationHasItsOwnAndTheOldestAreForgotten() throws BlockException {
        bench.perform(backend, Operation.READ, 0, 512);
        for (int i = 0; i < BackendStatistics.KEPT_GENERATIONS + 5; i++) {
            bench.layer.changeMedium(backend, driver.node());
            bench.perform(backend, Operation.READ, 0, 512);
            bench.perform(backend, Operation.READ, 0, 512);
        }

        final List<IntervalStatistics> past = backend.statistics().past();

        assertEquals(BackendStatistics.KEPT_GENERATIONS, past.size());
        for (final IntervalStatistics interval : past) {
            assertEquals(2, of(interval, Operation.READ).operations());
        }
        assertEquals(backend.generation(), backend.statistics().present().generation());
        assertTrue(past.get(0).generation() < past.get(1).generation());
    }

    @Test
    void flightRecorderEventsAreOffUntilARecordingAsksForThem(@TempDir final Path folder)
            throws IOException, BlockException {
        backend.slowRequestThresholdNs(1_000);
        final List<RecordedEvent> silent = record(folder.resolve("off.jfr"), false);
        final List<RecordedEvent> loud = record(folder.resolve("on.jfr"), true);

        assertEquals(List.of(), silent);
        final RecordedEvent slow = one(loud, "drivebay.SlowRequest");
        assertEquals("backend of device 'dev-disk'", slow.getString("backend"));
        assertEquals("WRITE", slow.getString("operation"));
        assertEquals(1024, slow.getLong("offset"));
        assertEquals("OK", slow.getString("status"));
        assertEquals(5_000, slow.getDuration("serviceNs").toNanos());
        final RecordedEvent change = one(loud, "drivebay.MediumChange");
        assertEquals("disk", change.getString("oldMedium"));
        assertEquals(backend.generation(), change.getLong("generation"));
        assertTrue(one(loud, "drivebay.Drain").getBoolean("inTime"));
    }

    private static RecordedEvent one(final List<RecordedEvent> events, final String name) {
        final List<RecordedEvent> found = events.stream()
                .filter(event -> event.getEventType().getName().equals(name))
                .toList();
        assertEquals(1, found.size(), name);
        return found.get(0);
    }

    private List<RecordedEvent> record(final Path file, final boolean enabled) throws IOException, BlockException {
        try (Recording recording = new Recording()) {
            if (enabled) {
                recording.enable("drivebay.SlowRequest").withoutThreshold();
                recording.enable("drivebay.MediumChange").withoutThreshold();
                recording.enable("drivebay.Drain").withoutThreshold();
            }
            recording.start();
            driver.hold();
            new TestRequest(Operation.WRITE, 1024, 512).submitTo(backend);
            bench.context.runUntilIdle();
            bench.clock.advance(5_000);
            driver.releaseAll();
            bench.layer.changeMedium(backend, driver.node());
            recording.stop();
            recording.dump(file);
        }
        return RecordingFile.readAllEvents(file).stream()
                .filter(event -> event.getEventType().getName().startsWith("drivebay."))
                .toList();
    }
}
