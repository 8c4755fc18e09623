package io.drivebay.sim.workload;

import io.drivebay.backend.request.Operation;
import io.drivebay.backend.request.Status;
import java.util.Arrays;

/** What a job did in one interval. Filled by the job, then handed to the collector, which gives it back empty. */
final class IntervalRecord {
    private final OperationRecord reads = new OperationRecord();
    private final OperationRecord writes = new OperationRecord();
    private final long[] failures = new long[Status.values().length];
    private long failed;
    private int index;

    void succeeded(final Operation operation, final long latencyNs, final int length) {
        (operation == Operation.READ ? reads : writes).add(latencyNs, length);
    }

    void failed(final Status status) {
        failures[status.ordinal()]++;
        failed++;
    }

    void add(final IntervalRecord other) {
        reads.add(other.reads);
        writes.add(other.writes);
        failed += other.failed;
        for (int i = 0; i < failures.length; i++) {
            failures[i] += other.failures[i];
        }
    }

    /** Empties the record for another interval. */
    IntervalRecord begin(final int newIndex) {
        reads.clear();
        writes.clear();
        Arrays.fill(failures, 0);
        failed = 0;
        index = newIndex;
        return this;
    }

    /** Number of the interval, from 0. */
    int index() {
        return index;
    }

    OperationRecord reads() {
        return reads;
    }

    OperationRecord writes() {
        return writes;
    }

    long failed() {
        return failed;
    }

    long failures(final Status status) {
        return failures[status.ordinal()];
    }
}
