package io.drivebay.sim;

/**
 * Numbers that look random and follow from a seed alone: splitmix64. Allocates nothing; one thread only.
 *
 * <p>Streams of different seeds, even neighbouring ones, have nothing to do with each other.
 */
public final class SeededRandom {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    /** The stream of a seed. */
    public SeededRandom(final long seed) {
        this.state = mix(seed);
    }

    /** Spreads a number's bits over all 64. */
    public static long mix(final long value) {
        long z = value + GAMMA;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    /** 64 random bits. */
    public long nextLong() {
        state += GAMMA;
        return mix(state);
    }

    /** A number of at least 0 and below a bound of at least 1. */
    public long below(final long bound) {
        return Math.multiplyHigh(nextLong() >>> 1, bound << 1);
    }

    /** A number of at least 0 and below a bound of at least 1. */
    public int below(final int bound) {
        return (int) below((long) bound);
    }

    /** True in a share of all cases, in percent. */
    public boolean percent(final int share) {
        return below(100) < share;
    }
}
