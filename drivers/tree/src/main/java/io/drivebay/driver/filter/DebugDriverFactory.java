package io.drivebay.driver.filter;

import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockLimits;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;
import org.jspecify.annotations.Nullable;

/** Opens {@code blkdebug}: image, inject-error, set-state, inject-latency, align, max-transfer and more. */
public final class DebugDriverFactory implements DriverFactory {
    private static final long MAX_ALIGNMENT = 1 << 20;

    @Override
    public String driverName() {
        return DebugDriver.NAME;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        final DebugRules rules = DebugRules.of(options);
        final @Nullable BlockNode image = scope.filterChild(options, DebugDriver.IMAGE);
        final BlockLimits limits = limits(options);
        refuseRagged(image, limits.requestAlignment());
        return new DebugDriver(image, limits, rules, scope.domain().context());
    }

    /** Refuses an alignment that the image's length does not have, now or, for a drive's filter, some day. */
    private static void refuseRagged(final @Nullable BlockNode image, final int align) throws BlockException {
        if (image == null && align > 1) {
            throw new BlockException(
                    Kind.INVALID_OPTION, "option 'align' does not go with a filter that belongs to a drive");
        }
        if (image != null && image.length() % align != 0) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "option 'align' is " + align + ", but the length of " + image.describe() + " is no multiple of it: "
                            + image.length());
        }
    }

    private static BlockLimits limits(final BlockdevOptions options) throws BlockException {
        final long align = powerOfTwo("align", options.size("align", 1));
        final long maxTransfer = options.size("max-transfer", BlockLimits.MAX_REQUEST / align * align);
        if (maxTransfer < align || maxTransfer % align != 0 || maxTransfer > BlockLimits.MAX_REQUEST) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "option 'max-transfer' is " + maxTransfer + "; it must be a multiple of the alignment, " + align
                            + ", and at most " + BlockLimits.MAX_REQUEST);
        }
        final long zeroes = powerOfTwo("opt-write-zero", options.size("opt-write-zero", align));
        final long discard = powerOfTwo("opt-discard", options.size("opt-discard", align));
        return new BlockLimits(
                (int) align, maxTransfer, Math.max(align, zeroes), Math.max(align, discard), true, true, true, true);
    }

    private static long powerOfTwo(final String option, final long bytes) throws BlockException {
        if (Long.bitCount(bytes) != 1 || bytes > MAX_ALIGNMENT) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "option '" + option + "' is " + bytes + "; it must be a power of two, at most " + MAX_ALIGNMENT);
        }
        return bytes;
    }
}
