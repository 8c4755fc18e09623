package io.drivebay.backend.graph;

import io.drivebay.backend.request.BlockRequest;

/**
 * What a driver can take in one request. Sizes in bytes.
 *
 * @param requestAlignment offset and length of reads and writes are multiples of it; a power of two
 * @param maxTransfer longest read or write; a multiple of the alignment
 * @param zeroAlignment offset and length of a WRITE_ZEROES that the driver does by itself are multiples of it
 * @param discardAlignment DISCARDs are cut down to multiples of it
 * @param fua whether a write with FUA is durable when the driver completes it
 * @param zeroes whether the driver has a WRITE_ZEROES of its own (it may still answer NOT_SUPPORTED)
 * @param discard whether the driver has a DISCARD of its own
 * @param blockStatus whether the driver answers BLOCK_STATUS
 */
public record BlockLimits(
        int requestAlignment,
        long maxTransfer,
        long zeroAlignment,
        long discardAlignment,
        boolean fua,
        boolean zeroes,
        boolean discard,
        boolean blockStatus) {

    /** The longest READ or WRITE that any backend takes, as in QEMU: the largest int that is a multiple of 512. */
    public static final long MAX_REQUEST = Integer.MAX_VALUE & ~511L;

    /** Limits of a driver that takes every byte range and does everything by itself. */
    public static final BlockLimits UNLIMITED = new BlockLimits(1, MAX_REQUEST, 1, 1, true, true, true, true);

    public BlockLimits {
        if (Integer.bitCount(requestAlignment) != 1) {
            throw new IllegalArgumentException("requestAlignment=" + requestAlignment + " is no power of two");
        }
        if (maxTransfer < requestAlignment || maxTransfer % requestAlignment != 0) {
            throw new IllegalArgumentException("maxTransfer=" + maxTransfer + " is no multiple of " + requestAlignment);
        }
        if (zeroAlignment < 1 || discardAlignment < 1) {
            throw new IllegalArgumentException("zeroAlignment=" + zeroAlignment + ", discardAlignment="
                    + discardAlignment + ": both must be at least 1");
        }
        if (!goTogether(zeroAlignment, requestAlignment) || !goTogether(discardAlignment, requestAlignment)) {
            throw new IllegalArgumentException("zeroAlignment=" + zeroAlignment + ", discardAlignment="
                    + discardAlignment + ": where larger, both must be multiples of " + requestAlignment);
        }
    }

    private static boolean goTogether(final long alignment, final int requestAlignment) {
        return alignment <= requestAlignment || alignment % requestAlignment == 0;
    }

    /** What a WRITE_ZEROES must be a multiple of for the driver to do it. */
    long alignmentOfZeroes() {
        return Math.max(zeroAlignment, requestAlignment);
    }

    boolean aligned(final BlockRequest request) {
        return ((request.offset() | request.length()) & (requestAlignment - 1)) == 0;
    }

    public BlockLimits withAlignment(final int alignment) {
        final long transfer = Math.max(alignment, maxTransfer / alignment * alignment);
        return new BlockLimits(
                alignment,
                transfer,
                Math.max(alignment, zeroAlignment),
                Math.max(alignment, discardAlignment),
                fua,
                zeroes,
                discard,
                blockStatus);
    }

    public BlockLimits withMaxTransfer(final long bytes) {
        return new BlockLimits(
                requestAlignment, bytes, zeroAlignment, discardAlignment, fua, zeroes, discard, blockStatus);
    }

    public BlockLimits withFua(final boolean has) {
        return new BlockLimits(
                requestAlignment, maxTransfer, zeroAlignment, discardAlignment, has, zeroes, discard, blockStatus);
    }

    public BlockLimits withZeroes(final boolean has) {
        return new BlockLimits(
                requestAlignment, maxTransfer, zeroAlignment, discardAlignment, fua, has, discard, blockStatus);
    }

    public BlockLimits withDiscard(final boolean has) {
        return new BlockLimits(
                requestAlignment, maxTransfer, zeroAlignment, discardAlignment, fua, zeroes, has, blockStatus);
    }

    public BlockLimits withBlockStatus(final boolean has) {
        return new BlockLimits(
                requestAlignment, maxTransfer, zeroAlignment, discardAlignment, fua, zeroes, discard, has);
    }
}
