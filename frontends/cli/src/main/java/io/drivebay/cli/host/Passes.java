package io.drivebay.cli.host;

import io.drivebay.backend.context.Clock;
import io.drivebay.sim.verify.BlockStamp;
import io.drivebay.sim.verify.Verification;
import io.drivebay.sim.workload.AccessPattern;
import io.drivebay.sim.workload.BlockSizes;
import io.drivebay.sim.workload.IoTarget;
import io.drivebay.sim.workload.Workload;
import io.drivebay.sim.workload.WorkloadProgress;
import io.drivebay.sim.workload.WorkloadResult;
import io.drivebay.sim.workload.WorkloadSpec;

/** Once over a whole range: writes stamps all over it, or reads and checks every block of it. */
public final class Passes {
    static final int LARGEST_BLOCK = 64 << 10;
    static final int DEPTH = 8;

    private final Verification knowledge;
    private final long seed;
    private final int blockBytes;

    private Passes(final Verification knowledge, final long seed) {
        this.knowledge = knowledge;
        this.seed = seed;
        this.blockBytes = blockOf(knowledge);
    }

    /**
     * Passes over bytes [start, start + bytes) of a medium of which nothing is known.
     *
     * @param unitBytes what stamps are made for; the range consists of such units
     */
    public static Passes over(final long start, final long bytes, final int unitBytes, final long seed) {
        return new Passes(Verification.ofFreshMedium(new BlockStamp(unitBytes, seed), start, bytes), seed);
    }

    /** Passes over the range of a verification. */
    public static Passes over(final Verification knowledge, final long seed) {
        return new Passes(knowledge, seed);
    }

    /** The largest block that the range consists of, so that a pass touches all of it. */
    private static int blockOf(final Verification knowledge) {
        int block = knowledge.unitBytes();
        while (block < LARGEST_BLOCK && knowledge.rangeBytes() % (block * 2L) == 0) {
            block *= 2;
        }
        return block;
    }

    /** What is known of the medium, for workloads between the passes. */
    public Verification knowledge() {
        return knowledge;
    }

    /** Writes every block of the range. */
    public WorkloadResult fill(
            final IoTarget.Factory targets, final Clock clock, final WorkloadProgress.Listener listener) {
        return once(AccessPattern.WRITE, targets, clock, listener);
    }

    /** Reads and checks every block of the range. */
    public WorkloadResult readBack(
            final IoTarget.Factory targets, final Clock clock, final WorkloadProgress.Listener listener) {
        return once(AccessPattern.READ, targets, clock, listener);
    }

    private WorkloadResult once(
            final AccessPattern pattern,
            final IoTarget.Factory targets,
            final Clock clock,
            final WorkloadProgress.Listener listener) {
        final WorkloadSpec spec = WorkloadSpec.builder(pattern)
                .blockSizes(BlockSizes.of(blockBytes))
                .depth(DEPTH)
                .count(knowledge.rangeBytes() / blockBytes)
                .range(knowledge.rangeStart(), knowledge.rangeBytes())
                .seed(seed)
                .verification(knowledge)
                .build();
        try (Workload workload = new Workload(spec, targets, clock, listener)) {
            return workload.run();
        }
    }

    /** Blocks that one pass checks. */
    public long units() {
        return knowledge.rangeBytes() / knowledge.unitBytes();
    }
}
