package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a throttle group lets pass: QAPI's ThrottleLimits.
 *
 * @param operations operations per second
 * @param bytes bytes per second
 * @param operationBytes a longer request counts as several operations ({@code iops-size}); 0: each counts as one
 */
public record ThrottleLimits(Rates operations, Rates bytes, long operationBytes) {
    /** Everything passes. */
    public static final ThrottleLimits NONE = new ThrottleLimits(Rates.NONE, Rates.NONE, 0);

    /** More than any disk does; sums of it do not overflow. */
    private static final long MAX_RATE = 1_000_000_000_000_000L;

    /**
     * One limit.
     *
     * @param average units per second; 0 for no limit
     * @param burst units per second for a limited time; 0 for no bursts
     * @param burstLengthS how long a burst may last, in seconds
     */
    public record Rate(long average, long burst, long burstLengthS) {
        /** No limit. */
        public static final Rate NONE = new Rate(0, 0, 1);
    }

    /** The limits of one kind: of all requests together, or of reads and writes apart. */
    public record Rates(Rate total, Rate read, Rate write) {
        /** No limits. */
        public static final Rates NONE = new Rates(Rate.NONE, Rate.NONE, Rate.NONE);

        boolean none() {
            return total.average() == 0 && read.average() == 0 && write.average() == 0;
        }
    }

    /** True when everything passes. */
    public boolean none() {
        return operations.none() && bytes.none();
    }

    /** Reads limits in QAPI spelling: {@code iops-total}, {@code bps-read-max}, {@code iops-size} and so on. */
    static ThrottleLimits of(final BlockdevOptions options) throws BlockException {
        final Rates operations = rates(options, "iops");
        final Rates bytes = rates(options, "bps");
        final long operationBytes = options.size("iops-size", 0);
        options.refuseUnread();
        if (operationBytes > 0 && operations.none()) {
            throw refusal("'limits.iops-size' needs a limit of operations, such as 'limits.iops-total'");
        }
        return new ThrottleLimits(operations, bytes, operationBytes);
    }

    /** Every key that {@link #of} knows. */
    static List<String> keys() {
        final List<String> keys = new ArrayList<>();
        for (final String kind : List.of("iops", "bps")) {
            for (final String of : List.of("-total", "-read", "-write")) {
                keys.addAll(List.of(kind + of, kind + of + "-max", kind + of + "-max-length"));
            }
        }
        keys.add("iops-size");
        return keys;
    }

    private static Rates rates(final BlockdevOptions options, final String kind) throws BlockException {
        final Rate total = rate(options, kind + "-total");
        final Rate read = rate(options, kind + "-read");
        final Rate write = rate(options, kind + "-write");
        if (total.average() > 0 && (read.average() > 0 || write.average() > 0)) {
            throw refusal("'limits." + kind + "-total' does not go together with 'limits." + kind + "-read' or 'limits."
                    + kind + "-write'");
        }
        return new Rates(total, read, write);
    }

    private static Rate rate(final BlockdevOptions options, final String key) throws BlockException {
        final long average = options.size(key, 0);
        final long burst = options.size(key + "-max", 0);
        final long length = options.number(key + "-max-length", 1);
        final String option = "'limits." + key;
        if (Math.max(average, burst) > MAX_RATE) {
            throw refusal(option + "' and its -max can be at most " + MAX_RATE);
        }
        if (burst > 0 && average == 0) {
            throw refusal(option + "-max' needs " + option + "'");
        }
        if (burst > 0 && burst < average) {
            throw refusal(option + "-max' is lower than " + option + "'");
        }
        if (length == 0) {
            throw refusal(option + "-max-length' must be at least 1 second");
        }
        if (length > 1 && burst == 0) {
            throw refusal(option + "-max-length' needs " + option + "-max'");
        }
        if (burst > 0 && length > MAX_RATE / burst) {
            throw refusal(option + "-max-length' is too long for a burst of " + burst);
        }
        return new Rate(average, burst, length);
    }

    private static BlockException refusal(final String what) {
        return new BlockException(Kind.INVALID_OPTION, "option " + what);
    }

    /** The limits that are set, in QAPI spelling. */
    Map<String, Object> describe() {
        final Map<String, Object> members = new LinkedHashMap<>();
        describe(members, "iops", operations);
        describe(members, "bps", bytes);
        if (operationBytes > 0) {
            members.put("iops-size", operationBytes);
        }
        return members;
    }

    private static void describe(final Map<String, Object> members, final String kind, final Rates rates) {
        describe(members, kind + "-total", rates.total());
        describe(members, kind + "-read", rates.read());
        describe(members, kind + "-write", rates.write());
    }

    private static void describe(final Map<String, Object> members, final String key, final Rate rate) {
        if (rate.average() > 0) {
            members.put(key, rate.average());
        }
        if (rate.burst() > 0) {
            members.put(key + "-max", rate.burst());
            members.put(key + "-max-length", rate.burstLengthS());
        }
    }
}
