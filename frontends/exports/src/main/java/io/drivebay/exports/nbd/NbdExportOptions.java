package io.drivebay.exports.nbd;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.nbd.Handshake;
import java.nio.charset.StandardCharsets;

/**
 * What an export is to look like.
 *
 * @param name what clients ask for; empty for the default export; at most 4096 bytes of UTF-8
 * @param description what clients are shown beside the name; empty for none; at most 4096 bytes of UTF-8
 * @param writable whether clients may write
 * @param allocationDepth whether clients may ask which layer holds the data ({@code qemu:allocation-depth})
 * @param writeThrough whether everything that is written is flushed before it is answered
 */
public record NbdExportOptions(
        String name, String description, boolean writable, boolean allocationDepth, boolean writeThrough) {
    /** Checks the lengths. */
    public NbdExportOptions {
        refuseLong("name", name);
        refuseLong("description", description);
    }

    private static void refuseLong(final String what, final String text) {
        final int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Handshake.MAX_STRING) {
            throw new IllegalArgumentException("an NBD export's " + what + " has " + bytes + " bytes; " + "at most "
                    + Handshake.MAX_STRING + " are allowed");
        }
    }

    /**
     * From a user; what is written may stay in caches until a flush.
     *
     * @throws BlockException INVALID_OPTION for a name or description that is too long
     */
    public static NbdExportOptions of(
            final String name, final String description, final boolean writable, final boolean allocationDepth)
            throws BlockException {
        try {
            return new NbdExportOptions(name, description, writable, allocationDepth, false);
        } catch (final IllegalArgumentException e) {
            throw new BlockException(BlockException.Kind.INVALID_OPTION, String.valueOf(e.getMessage()), e);
        }
    }

    /** A read-only export without a description. */
    public static NbdExportOptions readOnly(final String name) {
        return new NbdExportOptions(name, "", false, false, false);
    }

    /** A writable export without a description. */
    public static NbdExportOptions writable(final String name) {
        return new NbdExportOptions(name, "", true, false, false);
    }

    /** The same with the allocation depth on offer. */
    public NbdExportOptions withAllocationDepth() {
        return new NbdExportOptions(name, description, writable, true, writeThrough);
    }

    /** The same with a description. */
    public NbdExportOptions withDescription(final String text) {
        return new NbdExportOptions(name, text, writable, allocationDepth, writeThrough);
    }

    /** The same, flushing what is written before it is answered, or not. */
    public NbdExportOptions withWriteThrough(final boolean isWriteThrough) {
        return new NbdExportOptions(name, description, writable, allocationDepth, isWriteThrough);
    }
}
