package io.drivebay.perf.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class IntervalMergerTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final List<IntervalSample> merged = new ArrayList<>();

    private void merge(final long seconds, final long samples) {
        final IntervalMerger merger = new IntervalMerger(SECOND_NS, seconds * SECOND_NS, merged::add);
        LongStream.range(0, samples).mapToObj(SampleResults::second).forEach(merger::add);
        merger.finish();
    }

    @Test
    void aShortRunKeepsItsSamples() {
        merge(3, 3);

        assertEquals(
                List.of(0L, SECOND_NS, 2 * SECOND_NS),
                merged.stream().map(IntervalSample::startNs).toList());
    }

    @Test
    void whatCompletesAfterTheEndBelongsToTheLastSample() {
        merge(3, 4);

        assertEquals(
                List.of(1000L, 1000L, 2000L),
                merged.stream()
                        .map(sample -> sample.latencyNs().getTotalCount())
                        .toList());
    }

    @Test
    void aLongRunHasLongerStretches() {
        merge(1201, 1201);

        assertEquals(401, merged.size());
        assertEquals(3 * SECOND_NS, merged.get(0).durationNs());
        assertEquals(3 * 1000 * 4096, merged.get(0).bytes());
    }
}
