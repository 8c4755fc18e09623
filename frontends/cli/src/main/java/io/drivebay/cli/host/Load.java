package io.drivebay.cli.host;

/**
 * The most that workloads will ask of a drive.
 *
 * @param jobs how many at once
 * @param depth requests in flight for each
 * @param requestBytes longest request
 * @param writes whether any of them write
 */
public record Load(int jobs, int depth, int requestBytes, boolean writes) {

    /** The same, or more where passes over the range need more. */
    public Load withPasses() {
        return new Load(jobs, Math.max(depth, Passes.DEPTH), Math.max(requestBytes, Passes.LARGEST_BLOCK), true);
    }
}
