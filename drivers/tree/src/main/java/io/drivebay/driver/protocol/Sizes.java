package io.drivebay.driver.protocol;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;

/** Checks of lengths that somebody asked for. */
final class Sizes {
    /** The longest disk: what remains a positive number of bytes when rounded up to any alignment up to 1 GiB. */
    static final long MAX_BYTES = Long.MAX_VALUE - (1L << 30) + 1;

    private Sizes() {}

    /** Refuses a length above a limit. */
    static long checked(final String driver, final long bytes, final long limitBytes) throws BlockException {
        if (bytes > limitBytes) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "option 'size' of driver " + driver + " is " + bytes + " bytes; at most " + limitBytes
                            + " are possible");
        }
        return bytes;
    }
}
