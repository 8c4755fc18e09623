package io.drivebay.perf.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.drivebay.perf.result.BenchResult;
import io.drivebay.perf.result.IntervalSample;
import io.drivebay.perf.result.OperationResult;
import io.drivebay.perf.result.RunRecorder;
import io.drivebay.perf.result.SampleResults;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private static BenchResult with(final BenchResult base, final Map<String, OperationResult> operations) {
        return new BenchResult(
                base.format(),
                base.version(),
                base.name(),
                base.drivebay(),
                base.startedAt(),
                base.host(),
                base.options(),
                base.target(),
                base.durationNs(),
                operations,
                Map.of(),
                0,
                base.intervals(),
                base.verification(),
                base.mediumChanges());
    }

    private static Map<String, OperationResult> oneSecondOf(final String operation, final int count) {
        final RunRecorder recorder = new RunRecorder();
        recorder.add(new IntervalSample(operation, 0, SECOND_NS, count, SampleResults.microseconds(count)));
        return recorder.operations(SECOND_NS);
    }

    @Test
    void ratiosAreToTheFirstResult() {
        final BenchResult first = SampleResults.reads("old");
        final BenchResult second = with(SampleResults.reads("new"), oneSecondOf("read", 2000));

        final List<List<String>> rows = Comparison.rows(List.of(first, second));

        assertEquals(List.of("figure", "old", "new", "ratio"), rows.get(0));
        assertEquals(List.of("read IOPS", "1.00k", "2.00k", "2.000"), rows.get(1));
    }

    @Test
    void anOperationThatOnlyOneHasIsADash() {
        final BenchResult first = SampleResults.reads("old");
        final BenchResult second = with(SampleResults.reads("new"), oneSecondOf("write", 10));

        final List<List<String>> rows = Comparison.rows(List.of(first, second));

        assertEquals(List.of("read IOPS", "1.00k", "-", "-"), rows.get(1));
        assertEquals(List.of("write IOPS", "-", "10", "-"), rows.get(7));
    }
}
