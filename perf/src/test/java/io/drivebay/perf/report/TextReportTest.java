package io.drivebay.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.drivebay.perf.result.SampleResults;
import org.junit.jupiter.api.Test;

final class TextReportTest {
    @Test
    void theTableHasRatesAndLatencies() {
        final String text = TextReport.of(SampleResults.reads("run"));

        assertEquals("""
                run: rw=randread
                  frontend=backend
                  2 x A <fast> & "cheap" CPU, 1 GiB, Linux 6.1 amd64, JVM 17

                  operation  count   IOPS   bandwidth
                  read        2000  1.00k  3.91 MiB/s

                  latency      min    mean     p50     p90     p99   p99.9   p99.99      max
                  read     1.00 µs  501 µs  500 µs  900 µs  990 µs  999 µs  1.00 ms  1.00 ms
                """, text);
    }

    @Test
    void aMismatchIsShouted() {
        assertTrue(TextReport.of(SampleResults.verified("run", 3))
                .contains("verified 2000 blocks: 3 WRONG, the first: offset 4096"));
    }

    @Test
    void failuresAreCountedByStatus() {
        assertTrue(TextReport.of(SampleResults.failed("run", 3)).contains("5 requests FAILED: IO_ERROR=3, NO_SPACE=2"));
    }

    @Test
    void aRateThatWasNotKeptIsSaid() {
        assertTrue(TextReport.of(SampleResults.failed("run", 3)).contains("7 requests were due but never begun"));
    }

    @Test
    void pausesAreSummedUp() {
        assertTrue(TextReport.of(SampleResults.verified("run", 0))
                .contains("medium changed 2 times, pause p50 40.0 µs, p99 80.0 µs, max 80.0 µs"));
    }
}
