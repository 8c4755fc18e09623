package io.drivebay.cli.bench;

import io.drivebay.cli.host.Load;
import io.drivebay.cli.host.Passes;
import io.drivebay.sim.workload.WorkloadSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a run consists of.
 *
 * @param passes fills the range before and reads all of it after; empty when nothing is verified
 * @param measured what is measured
 */
record BenchPlan(Optional<Passes> passes, WorkloadSpec measured) {

    /**
     * The plan for a disk.
     *
     * @throws IllegalArgumentException when the options make no sense, or none on a disk of this length
     */
    static BenchPlan of(final WorkloadOptions options, final long diskBytes) {
        final WorkloadSpec.Builder builder = options.builder();
        final WorkloadSpec unranged = builder.build();
        final int largest = unranged.blockSizes().largest();
        final long bytes = rangeBytes(options.offset, options.size, diskBytes);
        final long usable = bytes / largest * largest;
        if (usable / options.jobs < largest) {
            throw new IllegalArgumentException("a range of " + bytes + " bytes is too small for " + options.jobs
                    + " jobs with blocks of " + largest + " bytes");
        }
        builder.range(options.offset, usable);
        if (!options.verify) {
            return new BenchPlan(Optional.empty(), builder.build());
        }
        final Passes passes =
                Passes.over(options.offset, usable, unranged.blockSizes().unitBytes(), options.seed);
        return new BenchPlan(
                Optional.of(passes), builder.verification(passes.knowledge()).build());
    }

    /** The most that any part of it asks of a drive. */
    Load load() {
        final Load load = new Load(
                measured.jobs(),
                measured.depth(),
                measured.blockSizes().largest(),
                measured.pattern().writes());
        return passes.isPresent() ? load.withPasses() : load;
    }

    private static long rangeBytes(final long offset, final @Nullable Long size, final long diskBytes) {
        if (diskBytes == 0) {
            throw new IllegalArgumentException("the disk has no length: there is nothing to read or write");
        }
        if (offset >= diskBytes) {
            throw new IllegalArgumentException(
                    "--offset " + offset + " lies beyond the end of the disk, which has " + diskBytes + " bytes");
        }
        if (size == null) {
            return diskBytes - offset;
        }
        if (size > diskBytes - offset) {
            throw new IllegalArgumentException("--size " + size + " from " + offset
                    + " on goes beyond the end of the disk, which has " + diskBytes + " bytes");
        }
        return size;
    }
}
