package io.drivebay.perf.result;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The result of one run. Its JSON form has these members, in this order; a program that reads it ignores members that it
 * does not know, and refuses another {@code version}.
 *
 * @param format always {@value #FORMAT}
 * @param version of the schema; a change that breaks readers raises it
 * @param name what the run is called in comparisons
 * @param drivebay version of the program
 * @param startedAt when the measured time began, ISO 8601 in UTC
 * @param host where
 * @param options how the run was asked for, in the spelling of the command line
 * @param target what was driven: frontend, drivers, length, I/O engine
 * @param durationNs the measured time, warm-up left out
 * @param operations those that succeeded, by name ({@code read}, {@code write}, ...)
 * @param failures how many requests failed, by status; empty when none did
 * @param neverBegun requests of an open loop that should have begun before the end but found no free slot
 * @param intervals the same over time, in order of time
 * @param verification null when nothing was verified
 * @param mediumChanges changes of the medium during the run
 */
public record BenchResult(
        String format,
        int version,
        String name,
        String drivebay,
        String startedAt,
        HostInfo host,
        Map<String, String> options,
        Map<String, String> target,
        long durationNs,
        Map<String, OperationResult> operations,
        Map<String, Long> failures,
        long neverBegun,
        List<IntervalPoint> intervals,
        @JsonSetter(nulls = Nulls.SET) @Nullable Verification verification,
        List<MediumChange> mediumChanges) {
    public static final String FORMAT = "drivebay-bench";
    public static final int VERSION = 1;

    /**
     * What one operation did.
     *
     * @throws java.util.NoSuchElementException when the run had none of it
     */
    public OperationResult operation(final String operation) {
        final OperationResult found = operations.get(operation);
        if (found == null) {
            throw new NoSuchElementException("run " + name + " has no " + operation);
        }
        return found;
    }

    /** Sum over the operations, a second. */
    public double iops() {
        return operations.values().stream().mapToDouble(OperationResult::iops).sum();
    }

    /** Requests that failed, whatever their status. */
    public long failed() {
        return failures.values().stream().mapToLong(Long::longValue).sum();
    }

    /** True when no request failed and every block that was looked at held what it should. */
    public boolean clean() {
        return failed() == 0 && (verification == null || verification.mismatches() == 0);
    }

    /** The same under another name. */
    public BenchResult named(final String newName) {
        return new BenchResult(
                format,
                version,
                newName,
                drivebay,
                startedAt,
                host,
                options,
                target,
                durationNs,
                operations,
                failures,
                neverBegun,
                intervals,
                verification,
                mediumChanges);
    }
}
