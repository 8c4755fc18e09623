package io.drivebay.perf.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

final class RunRecorderTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final RunRecorder recorder = new RunRecorder();

    private static OperationResult only(final Map<String, OperationResult> operations) {
        assertEquals(1, operations.size());
        return operations.values().iterator().next();
    }

    @Test
    void ratesAreOverTheTimeGiven() {
        recorder.add(SampleResults.second(0));
        recorder.add(SampleResults.second(1));

        final OperationResult reads = only(recorder.operations(2 * SECOND_NS));

        assertEquals(2000, reads.operations());
        assertEquals(1000, reads.iops());
        assertEquals(1000 * 4096, reads.bytesPerSecond());
    }

    @Test
    void percentilesAreThoseOfAllSamples() {
        recorder.add(SampleResults.second(0));

        final LatencySummary latency = only(recorder.operations(SECOND_NS)).latency();

        assertEquals(500_000.0, (double) latency.p50Ns(), 500);
        assertEquals(990_000.0, (double) latency.p99Ns(), 990);
        assertEquals(1_000_000.0, (double) latency.maxNs(), 1000);
    }

    @Test
    void eachSampleIsAPoint() {
        recorder.add(SampleResults.second(0));
        recorder.add(SampleResults.second(1));

        assertEquals(
                List.of(0L, SECOND_NS),
                recorder.points().stream().map(IntervalPoint::startNs).toList());
    }

    @Test
    void anEmptySampleHasLatenciesOfZero() {
        recorder.add(new IntervalSample("flush", 0, SECOND_NS, 0, new Histogram(3)));

        assertEquals(
                new LatencySummary(0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
                only(recorder.operations(SECOND_NS)).latency());
    }

    @Test
    void aMismatchMakesAResultUnclean() {
        assertTrue(SampleResults.verified("good", 0).clean());
        assertFalse(SampleResults.verified("bad", 1).clean());
    }
}
