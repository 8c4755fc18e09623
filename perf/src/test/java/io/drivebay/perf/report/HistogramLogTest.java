package io.drivebay.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.perf.result.IntervalSample;
import io.drivebay.perf.result.SampleResults;
import java.io.IOException;
import java.nio.file.Path;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HistogramLogTest {
    private static final long STARTED_AT_MS = 1_767_322_800_000L;

    @TempDir
    private Path folder;

    @Test
    void hdrHistogramReadsWhatWasLogged() throws IOException {
        final Path file = folder.resolve("run.hlog");
        try (HistogramLog log = new HistogramLog(file, STARTED_AT_MS)) {
            log.add(SampleResults.second(0));
            log.add(new IntervalSample("write", 0, 1_000_000_000L, 0, SampleResults.microseconds(10)));
        }

        try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
            final EncodableHistogram reads = reader.nextIntervalHistogram();
            final EncodableHistogram writes = reader.nextIntervalHistogram();

            assertEquals("read", reads.getTag());
            assertEquals(1000, ((Histogram) reads).getTotalCount());
            assertEquals(STARTED_AT_MS, reads.getStartTimeStamp());
            assertEquals(STARTED_AT_MS + 1000, reads.getEndTimeStamp());
            assertEquals("write", writes.getTag());
            assertEquals(10, ((Histogram) writes).getTotalCount());
        }
    }
}
