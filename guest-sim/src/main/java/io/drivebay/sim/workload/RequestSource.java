package io.drivebay.sim.workload;

import io.drivebay.backend.request.Operation;
import io.drivebay.sim.SeededRandom;

/** Draws a job's requests, one after the other, from its part of the range. Follows from the seed alone. */
final class RequestSource {
    private final AccessPattern pattern;
    private final int readPercent;
    private final BlockSizes blockSizes;
    private final long start;
    private final long bytes;
    private final SeededRandom random;
    private long next;

    private Operation operation = Operation.READ;
    private long offset;
    private int length;

    RequestSource(final WorkloadSpec spec, final int job, final long start, final long bytes) {
        this.pattern = spec.pattern();
        this.readPercent = spec.readPercent();
        this.blockSizes = spec.blockSizes();
        this.start = start;
        this.bytes = bytes;
        this.random = new SeededRandom(SeededRandom.mix(spec.seed()) + job);
    }

    /** Draws the next request. */
    void draw() {
        operation = readPercent == 100 || (readPercent > 0 && random.percent(readPercent))
                ? Operation.READ
                : Operation.WRITE;
        length = blockSizes.draw(random);
        if (pattern.random()) {
            redrawOffset();
        } else {
            if (next + length > bytes) {
                next = 0;
            }
            offset = start + next;
            next += length;
        }
    }

    /** Draws another place for the same request; false when its place is fixed. */
    boolean redrawOffset() {
        if (!pattern.random()) {
            return false;
        }
        offset = start + random.below(bytes / length) * length;
        return true;
    }

    Operation operation() {
        return operation;
    }

    long offset() {
        return offset;
    }

    int length() {
        return length;
    }
}
