package io.drivebay.cli.bench;

import io.drivebay.cli.options.DurationConverter;
import io.drivebay.cli.options.RateConverter;
import io.drivebay.cli.options.SizeConverter;
import io.drivebay.sim.workload.AccessPattern;
import io.drivebay.sim.workload.BlockSizes;
import io.drivebay.sim.workload.Waiting;
import io.drivebay.sim.workload.WorkloadSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is done to the disk. */
final class WorkloadOptions {
    private static final int DEFAULT_MIX = 50;

    @Option(
            names = "--rw",
            paramLabel = "PATTERN",
            defaultValue = "randread",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    AccessPattern pattern;

    @Option(
            names = "--rwmixread",
            paramLabel = "PERCENT",
            description = "Share of reads of a randrw (default: " + DEFAULT_MIX + ").")
    @Nullable
    Integer readPercent;

    @Option(
            names = "--bs",
            paramLabel = "SIZES",
            defaultValue = "4k",
            description = {
                "Block size, or several with their shares in percent: 4k:70,64k:30",
                "(default: ${DEFAULT-VALUE})."
            })
    String blockSizes;

    @Option(
            names = "--iodepth",
            paramLabel = "N",
            defaultValue = "1",
            description = "Requests in flight for each job (default: ${DEFAULT-VALUE}).")
    int depth;

    @Option(
            names = "--numjobs",
            paramLabel = "N",
            defaultValue = "1",
            description = "Jobs, each with a thread and a part of the range (default: ${DEFAULT-VALUE}).")
    int jobs;

    @Option(
            names = "--runtime",
            paramLabel = "TIME",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How long to measure: 10, 10s, 500ms, 2m (default: ${DEFAULT-VALUE}).")
    Duration runtime;

    @Option(
            names = "--warmup",
            paramLabel = "TIME",
            defaultValue = "2s",
            converter = DurationConverter.class,
            description = "How long to run before that without measuring (default: ${DEFAULT-VALUE}).")
    Duration warmup;

    @Option(
            names = "--rate",
            paramLabel = "IOPS",
            converter = RateConverter.class,
            description = "Begin requests at fixed times, so many a second in all, whether earlier ones have ended"
                    + " or not; latencies count from those times. Without it each job keeps its depth of requests"
                    + " in flight.")
    @Nullable
    Long ratePerSecond;

    @Option(
            names = "--offset",
            paramLabel = "BYTES",
            defaultValue = "0",
            converter = SizeConverter.class,
            description = "Where the range begins that is touched (default: ${DEFAULT-VALUE}).")
    long offset;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            converter = SizeConverter.class,
            description = "Length of that range (default: up to the end of the disk).")
    @Nullable
    Long size;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "What random numbers follow from (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--wait",
            paramLabel = "HOW",
            defaultValue = "poll",
            description = {"How a job waits for completions: ${COMPLETION-CANDIDATES}", "(default: ${DEFAULT-VALUE})."})
    Waiting waiting;

    @Option(
            names = "--verify",
            description = "Fill the range with stamped blocks first, check every read, and read all of it in the"
                    + " end. Needs --allow-writes.")
    boolean verify;

    /** True when the disk is written to. */
    boolean writes() {
        return pattern.writes() || verify;
    }

    /**
     * The workload without its range.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    WorkloadSpec.Builder builder() {
        if (readPercent != null && !(pattern.reads() && pattern.writes())) {
            throw new IllegalArgumentException("--rwmixread goes only with --rw randrw, not " + pattern);
        }
        if (runtime.isZero()) {
            throw new IllegalArgumentException("--runtime must be longer than nothing");
        }
        return WorkloadSpec.builder(pattern)
                .readPercent(readPercent == null ? DEFAULT_MIX : readPercent)
                .blockSizes(BlockSizes.parse(blockSizes))
                .depth(depth)
                .jobs(jobs)
                .runtimeNs(runtime.toNanos())
                .warmupNs(warmup.toNanos())
                .ratePerSecond(ratePerSecond == null ? 0 : ratePerSecond)
                .seed(seed)
                .waiting(waiting);
    }

    /** The options in the spelling of the command line. */
    Map<String, String> describe() {
        final Map<String, String> options = new LinkedHashMap<>();
        options.put("rw", pattern.toString());
        if (readPercent != null) {
            options.put("rwmixread", readPercent.toString());
        }
        options.put("bs", blockSizes);
        options.put("iodepth", Integer.toString(depth));
        options.put("numjobs", Integer.toString(jobs));
        options.put("runtime", runtime.toMillis() + "ms");
        options.put("warmup", warmup.toMillis() + "ms");
        if (ratePerSecond != null) {
            options.put("rate", ratePerSecond.toString());
        }
        options.put("wait", waiting.name().toLowerCase(Locale.ROOT));
        options.put("seed", Long.toString(seed));
        options.put("verify", Boolean.toString(verify));
        return options;
    }
}
