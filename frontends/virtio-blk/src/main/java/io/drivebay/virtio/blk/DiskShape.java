package io.drivebay.virtio.blk;

import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.MediumLifetime;
import io.drivebay.backend.graph.ZoneLayout;
import io.drivebay.backend.request.Operation;
import org.jspecify.annotations.Nullable;

/**
 * What a driver is told of the medium.
 *
 * @param capacitySectors length in sectors of 512 bytes, a multiple of the logical block
 * @param blockBytes logical block size
 * @param physicalBlockExponent how many logical blocks make a physical one, as a power of two
 * @param discardAlignmentSectors what discards are best aligned to
 * @param zeroesMayUnmap whether a WRITE_ZEROES can give space back
 * @param secureErase whether a range can be erased for good
 * @param lifetime how worn the medium is; null when it does not say
 * @param zones how a zoned medium is divided; null for others
 */
record DiskShape(
        long capacitySectors,
        int blockBytes,
        int physicalBlockExponent,
        int discardAlignmentSectors,
        boolean zeroesMayUnmap,
        boolean secureErase,
        @Nullable MediumLifetime lifetime,
        @Nullable ZoneLayout zones) {
    static final int SECTOR_SHIFT = 9;
    static final int SECTOR_BYTES = 1 << SECTOR_SHIFT;

    static DiskShape of(final BlockNode medium, final long lengthBytes, final int blockBytes) {
        final BlockLimits limits = medium.limits();
        final int physical = Math.max(blockBytes, limits.requestAlignment());
        final long discardBytes = Math.max(blockBytes, Math.min(limits.discardAlignment(), Integer.MAX_VALUE));
        return new DiskShape(
                lengthBytes / blockBytes * (blockBytes / SECTOR_BYTES),
                blockBytes,
                Integer.numberOfTrailingZeros(physical / blockBytes),
                (int) (discardBytes >> SECTOR_SHIFT),
                medium.options().discard() && limits.zeroes(),
                medium.driver().supports(Operation.SECURE_ERASE),
                medium.driver().lifetime(),
                medium.driver().zones());
    }

    /** The logical block size that a medium asks for. */
    static int naturalBlockBytes(final BlockNode medium) {
        return Math.max(SECTOR_BYTES, medium.limits().requestAlignment());
    }
}
