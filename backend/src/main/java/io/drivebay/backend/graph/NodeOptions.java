package io.drivebay.backend.graph;

/**
 * What every node has, whatever its driver: the generic part of QAPI's BlockdevOptions.
 *
 * @param readOnly refuses every modification
 * @param discard whether DISCARD and the unmapping of zeros are passed on ({@code unmap}) or ignored
 * @param detectZeroes whether writes of nothing but zeros become WRITE_ZEROES, and whether those may unmap
 * @param noFlush whether FLUSH succeeds without reaching the driver ({@code cache.no-flush})
 * @param cacheDirect whether the host's page cache is bypassed ({@code cache.direct})
 */
public record NodeOptions(
        boolean readOnly, boolean discard, DetectZeroes detectZeroes, boolean noFlush, boolean cacheDirect) {
    /** Writable, discards ignored, zeros written as data, flushes done: QAPI's defaults. */
    public static final NodeOptions DEFAULTS = new NodeOptions(false, false, DetectZeroes.OFF, false, false);

    /** QAPI's BlockdevDetectZeroesOptions. */
    public enum DetectZeroes {
        OFF,
        ON,
        UNMAP
    }

    public NodeOptions withReadOnly(final boolean isReadOnly) {
        return new NodeOptions(isReadOnly, discard, detectZeroes, noFlush, cacheDirect);
    }

    public NodeOptions withDiscard(final boolean passesDiscard) {
        return new NodeOptions(readOnly, passesDiscard, detectZeroes, noFlush, cacheDirect);
    }

    public NodeOptions withDetectZeroes(final DetectZeroes detect) {
        return new NodeOptions(readOnly, discard, detect, noFlush, cacheDirect);
    }

    public NodeOptions withNoFlush(final boolean ignoresFlushes) {
        return new NodeOptions(readOnly, discard, detectZeroes, ignoresFlushes, cacheDirect);
    }
}
