package io.drivebay.driver.protocol.nbd;

import io.drivebay.nbd.ByteStream;
import io.drivebay.nbd.Transmission;
import java.io.IOException;

/**
 * A connection in transmission, and what was agreed on.
 *
 * @param stream the connection
 * @param mode how replies look
 * @param sizeBytes length of the export
 * @param flags transmission flags
 * @param minBlock what offsets and lengths are multiples of; a power of two
 * @param maxPayload longest read and write
 * @param allocationId id of {@code base:allocation}; -1 where the server has it not
 */
record NbdLink(
        ByteStream stream, Mode mode, long sizeBytes, int flags, int minBlock, int maxPayload, int allocationId) {
    /** How replies look. */
    enum Mode {
        SIMPLE,
        STRUCTURED,
        EXTENDED
    }

    boolean has(final int flag) {
        return (flags & flag) != 0;
    }

    boolean readOnly() {
        return has(Transmission.FLAG_READ_ONLY);
    }

    /** Refuses what a node that was built on another link could not go on with. */
    void refuseUnlike(final NbdLink first) throws IOException {
        if (sizeBytes != first.sizeBytes) {
            throw new IOException("the export had " + first.sizeBytes + " bytes and now has " + sizeBytes);
        }
        final boolean worse = (first.flags & ~flags & ~Transmission.FLAG_READ_ONLY) != 0
                || readOnly() != first.readOnly()
                || minBlock > first.minBlock
                || maxPayload < first.maxPayload
                || (first.allocationId >= 0 && allocationId < 0);
        if (worse) {
            throw new IOException("the export can do less than it could before");
        }
    }
}
