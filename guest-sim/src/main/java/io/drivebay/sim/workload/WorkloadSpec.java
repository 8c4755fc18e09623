package io.drivebay.sim.workload;

import io.drivebay.sim.verify.Verification;
import org.jspecify.annotations.Nullable;

/**
 * What a workload does. Made by a {@link Builder}; immutable.
 *
 * <p>The range is divided into equal parts, one for each job. A job's sequential requests go through its part again and
 * again; its random ones lie anywhere in it, aligned to their own size. In a closed loop each job keeps its depth of
 * requests in flight. In an open loop requests begin at fixed times whether earlier ones have completed or not, and a
 * latency counts from the time when its request was to begin.
 */
public final class WorkloadSpec {
    /** The value of {@link #rangeBytes()} that means: up to the end of the medium. */
    public static final long WHOLE_MEDIUM = 0;

    private final AccessPattern pattern;
    private final int readPercent;
    private final BlockSizes blockSizes;
    private final int depth;
    private final int jobs;
    private final long ratePerSecond;
    private final long runtimeNs;
    private final long count;
    private final long warmupNs;
    private final long rangeStart;
    private final long rangeBytes;
    private final long seed;
    private final Waiting waiting;
    private final long stallNs;
    private final @Nullable Verification verification;

    private WorkloadSpec(final Builder builder) {
        pattern = builder.pattern;
        readPercent = pattern.reads() ? (pattern.writes() ? builder.readPercent : 100) : 0;
        blockSizes = builder.blockSizes;
        depth = builder.depth;
        jobs = builder.jobs;
        ratePerSecond = builder.ratePerSecond;
        runtimeNs = builder.runtimeNs;
        count = builder.count;
        warmupNs = builder.warmupNs;
        rangeStart = builder.rangeStart;
        rangeBytes = builder.rangeBytes;
        seed = builder.seed;
        waiting = builder.waiting;
        stallNs = builder.stallNs;
        verification = builder.verification;
    }

    /** A new builder: 4 KiB random reads, depth 1, one job, closed loop, nothing verified. */
    public static Builder builder(final AccessPattern pattern) {
        return new Builder(pattern);
    }

    public AccessPattern pattern() {
        return pattern;
    }

    /** Share of reads in percent. */
    public int readPercent() {
        return readPercent;
    }

    public BlockSizes blockSizes() {
        return blockSizes;
    }

    /** Most requests in flight for each job. */
    public int depth() {
        return depth;
    }

    public int jobs() {
        return jobs;
    }

    /** Requests per second of all jobs together; 0 for a closed loop. */
    public long ratePerSecond() {
        return ratePerSecond;
    }

    /** How long requests are submitted after the warm-up; 0 when only {@link #count()} ends the workload. */
    public long runtimeNs() {
        return runtimeNs;
    }

    /** How many requests are submitted after the warm-up by all jobs; 0 for no limit. */
    public long count() {
        return count;
    }

    /** How long requests are submitted at first that are not counted. */
    public long warmupNs() {
        return warmupNs;
    }

    /** First byte that may be touched. */
    public long rangeStart() {
        return rangeStart;
    }

    /** How many bytes may be touched; {@link #WHOLE_MEDIUM}. */
    public long rangeBytes() {
        return rangeBytes;
    }

    public long seed() {
        return seed;
    }

    public Waiting waiting() {
        return waiting;
    }

    /** How long a job waits without a completion, with requests in flight, before it calls them lost. */
    public long stallNs() {
        return stallNs;
    }

    /** What is known of the medium, to stamp writes and to check reads against; null: nothing is verified. */
    public @Nullable Verification verification() {
        return verification;
    }

    /** Collects what a workload does, and checks it in {@link #build()}. */
    public static final class Builder {
        private static final int MAX_DEPTH = 65_536;
        private static final int MAX_JOBS = 1_024;
        private static final long MAX_SLOT_MEMORY = 1L << 29;
        private static final long DEFAULT_STALL_NS = 30_000_000_000L;

        private final AccessPattern pattern;
        private int readPercent = 50;
        private BlockSizes blockSizes = BlockSizes.of(4096);
        private int depth = 1;
        private int jobs = 1;
        private long ratePerSecond;
        private long runtimeNs;
        private long count;
        private long warmupNs;
        private long rangeStart;
        private long rangeBytes = WHOLE_MEDIUM;
        private long seed = 1;
        private Waiting waiting = Waiting.POLL;
        private long stallNs = DEFAULT_STALL_NS;
        private @Nullable Verification verification;

        private Builder(final AccessPattern pattern) {
            this.pattern = pattern;
        }

        /** Share of reads of a RANDRW in percent; other patterns have theirs. */
        public Builder readPercent(final int percent) {
            readPercent = percent;
            return this;
        }

        public Builder blockSizes(final BlockSizes sizes) {
            blockSizes = sizes;
            return this;
        }

        public Builder depth(final int requests) {
            depth = requests;
            return this;
        }

        public Builder jobs(final int number) {
            jobs = number;
            return this;
        }

        /** An open loop at a rate, in requests per second of all jobs together; 0 for a closed loop. */
        public Builder ratePerSecond(final long requests) {
            ratePerSecond = requests;
            return this;
        }

        public Builder runtimeNs(final long timeNs) {
            runtimeNs = timeNs;
            return this;
        }

        /** Requests of all jobs together after the warm-up; 0 for no limit. */
        public Builder count(final long requests) {
            count = requests;
            return this;
        }

        public Builder warmupNs(final long timeNs) {
            warmupNs = timeNs;
            return this;
        }

        /** Bytes [start, start + bytes) of the medium; {@link #WHOLE_MEDIUM} bytes for all from the start on. */
        public Builder range(final long start, final long bytes) {
            rangeStart = start;
            rangeBytes = bytes;
            return this;
        }

        public Builder seed(final long newSeed) {
            seed = newSeed;
            return this;
        }

        public Builder waiting(final Waiting how) {
            waiting = how;
            return this;
        }

        public Builder stallNs(final long timeNs) {
            stallNs = timeNs;
            return this;
        }

        /** Stamps what is written and checks what is read. */
        public Builder verification(final Verification knowledge) {
            verification = knowledge;
            return this;
        }

        /**
         * The workload.
         *
         * @throws IllegalArgumentException with the first thing that is wrong with it
         */
        public WorkloadSpec build() {
            require(readPercent >= 0 && readPercent <= 100, "share of reads " + readPercent + " is no percentage");
            require(depth >= 1 && depth <= MAX_DEPTH, "depth " + depth + " is not from 1 to " + MAX_DEPTH);
            require(
                    (long) depth * blockSizes.largest() <= MAX_SLOT_MEMORY,
                    "depth " + depth + " times the largest block size exceeds " + MAX_SLOT_MEMORY + " bytes");
            require(jobs >= 1 && jobs <= MAX_JOBS, "number of jobs " + jobs + " is not from 1 to " + MAX_JOBS);
            require(ratePerSecond >= 0, "rate " + ratePerSecond + " is negative");
            require(runtimeNs >= 0 && warmupNs >= 0, "a workload cannot run for less than no time");
            require(count >= 0, "count " + count + " is negative");
            require(runtimeNs > 0 || count > 0, "the workload never ends: give a runtime or a count");
            require(rangeStart >= 0 && rangeBytes >= 0, "the range lies before the medium or has no length");
            require(rangeStart % 512 == 0 && rangeBytes % 512 == 0, "the range must consist of 512-byte sectors");
            require(stallNs > 0, "stall time " + stallNs + " must be above 0");
            requireVerifiable();
            return new WorkloadSpec(this);
        }

        private void requireVerifiable() {
            final Verification known = verification;
            if (known == null) {
                return;
            }
            require(
                    blockSizes.unitBytes() % known.unitBytes() == 0,
                    "block sizes " + blockSizes + " do not consist of the units that are verified, " + known.unitBytes()
                            + " bytes");
            if (rangeBytes == WHOLE_MEDIUM && rangeStart == 0) {
                rangeStart = known.rangeStart();
                rangeBytes = known.rangeBytes();
            }
            require(
                    rangeBytes != WHOLE_MEDIUM
                            && rangeStart >= known.rangeStart()
                            && rangeStart % known.unitBytes() == 0
                            && rangeStart + rangeBytes <= known.rangeStart() + known.rangeBytes(),
                    "the range of the workload lies outside the one that is verified");
        }

        private static void require(final boolean condition, final String message) {
            if (!condition) {
                throw new IllegalArgumentException(message);
            }
        }
    }
}
