package io.drivebay.sim.simulation;

/**
 * How a simulated disk behaves.
 *
 * @param minLatencyNs shortest time for a request
 * @param maxLatencyNs longest time; requests overtake each other as chance has it
 * @param failPercent share of reads, writes and flushes that fail, in percent; a failed write may have written sectors
 * @param fua whether the disk does FUA writes by itself
 */
public record SimFaults(int minLatencyNs, int maxLatencyNs, int failPercent, boolean fua) {
    /** A healthy disk: 5 to 100 microseconds, no errors. */
    public static final SimFaults NONE = new SimFaults(5_000, 100_000, 0, true);

    public SimFaults {
        if (minLatencyNs < 0 || maxLatencyNs <= minLatencyNs || failPercent < 0 || failPercent > 100) {
            throw new IllegalArgumentException(
                    "minLatencyNs=" + minLatencyNs + ", maxLatencyNs=" + maxLatencyNs + ", failPercent=" + failPercent);
        }
    }

    public SimFaults withFailures(final int percent) {
        return new SimFaults(minLatencyNs, maxLatencyNs, percent, fua);
    }

    public SimFaults withFua(final boolean has) {
        return new SimFaults(minLatencyNs, maxLatencyNs, failPercent, has);
    }
}
