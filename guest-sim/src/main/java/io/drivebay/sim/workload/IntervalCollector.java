package io.drivebay.sim.workload;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.HdrHistogram.Histogram;

/**
 * Puts the jobs' intervals together: an interval is complete when every job has handed its part over. One thread
 * collects; the jobs hand over from theirs.
 */
final class IntervalCollector {
    private static final int FREE_PER_JOB = 3;

    /** Where one job's records come and go. */
    static final class Lane {
        private final Queue<IntervalRecord> free = new ConcurrentLinkedQueue<>();
        private final Queue<IntervalRecord> filled = new ConcurrentLinkedQueue<>();
        private int complete;
        private volatile boolean ended;

        private Lane() {
            for (int i = 0; i < FREE_PER_JOB; i++) {
                free.add(new IntervalRecord());
            }
        }

        /** An empty record for an interval. The job's thread. */
        IntervalRecord take(final int index) {
            final IntervalRecord record = free.poll();
            return (record == null ? new IntervalRecord() : record).begin(index);
        }

        /** Hands a record over: the job has nothing more to add to its interval and those before. The job's thread. */
        void hand(final IntervalRecord record) {
            filled.add(record);
        }

        /** There will be no more. The job's thread. */
        void end() {
            ended = true;
        }
    }

    private final long intervalNs;
    private final WorkloadProgress.Listener listener;
    private final List<Lane> lanes = new ArrayList<>();
    private final ArrayDeque<IntervalRecord> open = new ArrayDeque<>();
    private final ArrayDeque<IntervalRecord> spare = new ArrayDeque<>();
    private final List<IntervalSample> samples = new ArrayList<>();
    private final IntervalRecord total = new IntervalRecord();
    private final Histogram merged = new Histogram(3);

    IntervalCollector(final long intervalNs, final WorkloadProgress.Listener listener) {
        this.intervalNs = intervalNs;
        this.listener = listener;
    }

    long intervalNs() {
        return intervalNs;
    }

    /** A lane for one more job. */
    Lane addLane() {
        final Lane lane = new Lane();
        lanes.add(lane);
        return lane;
    }

    /** Takes what the jobs have handed over, and closes the intervals that are complete. */
    void collect() {
        boolean allEnded = true;
        int complete = Integer.MAX_VALUE;
        for (final Lane lane : lanes) {
            final boolean ended = lane.ended; // read first: what was handed over before is seen
            for (IntervalRecord part = lane.filled.poll(); part != null; part = lane.filled.poll()) {
                at(part.index()).add(part);
                lane.complete = part.index() + 1;
                lane.free.add(part);
            }
            allEnded &= ended;
            complete = Math.min(complete, ended ? Integer.MAX_VALUE : lane.complete);
        }
        while (!open.isEmpty() && (allEnded || open.getFirst().index() < complete)) {
            close(open.removeFirst());
        }
    }

    private IntervalRecord at(final int index) {
        while (samples.size() + open.size() <= index) {
            final IntervalRecord record = spare.isEmpty() ? new IntervalRecord() : spare.removeFirst();
            open.addLast(record.begin(samples.size() + open.size()));
        }
        for (final IntervalRecord record : open) {
            if (record.index() == index) {
                return record;
            }
        }
        throw new IllegalStateException("interval " + index + " was closed before all of it was there");
    }

    private void close(final IntervalRecord record) {
        total.add(record);
        merged.reset();
        merged.add(record.reads().latencyNs());
        merged.add(record.writes().latencyNs());
        final boolean any = merged.getTotalCount() > 0;
        final IntervalSample sample = new IntervalSample(
                record.index() * intervalNs,
                merged.getTotalCount(),
                record.reads().bytes() + record.writes().bytes(),
                record.failed(),
                any ? merged.getValueAtPercentile(50) : 0,
                any ? merged.getValueAtPercentile(99) : 0,
                merged.getMaxValue());
        samples.add(sample);
        listener.progressed(new WorkloadProgress(
                sample.startNs() + intervalNs,
                total.reads().operations() + total.writes().operations(),
                total.reads().bytes() + total.writes().bytes(),
                total.failed(),
                sample,
                WorkloadResult.OperationResult.of(record.reads()),
                WorkloadResult.OperationResult.of(record.writes())));
        spare.addLast(record);
    }

    /** All closed intervals in one. */
    IntervalRecord total() {
        return total;
    }

    List<IntervalSample> samples() {
        return List.copyOf(samples);
    }
}
