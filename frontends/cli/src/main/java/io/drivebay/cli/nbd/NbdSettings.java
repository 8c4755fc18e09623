package io.drivebay.cli.nbd;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.exports.nbd.NbdExportOptions;
import io.drivebay.exports.nbd.NbdServerOptions;
import io.drivebay.exports.nbd.TlsPolicy;
import io.drivebay.nbd.TlsCredentials;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is to be served, and how.
 *
 * @param image the tree
 * @param export what clients see
 * @param limits what clients may
 * @param address where they find it
 * @param persistent whether to go on when the last one leaves
 * @param pidFile where to write the process id; null for nowhere
 */
public record NbdSettings(
        Image image,
        NbdExportOptions export,
        NbdServerOptions limits,
        SocketAddress address,
        boolean persistent,
        @Nullable Path pidFile) {

    private static final int UNLIMITED_CLIENTS = 1024;
    private static final Duration LONGEST_HANDSHAKE = Duration.ofHours(1);

    /** An image and the options that {@code qemu-nbd} gives its nodes. */
    public static final class Image {
        private final Map<String, Object> options = new LinkedHashMap<>();
        private boolean writeThrough;

        /** Sets an option of the uppermost node. */
        public Image with(final String key, final Object value) {
            options.put(key, value);
            return this;
        }

        /** Chooses how files are read and written; null for the best there is. */
        public Image withAio(final @Nullable String aio) {
            return aio == null ? this : with("file.aio", aio);
        }

        /**
         * Chooses a cache mode by QEMU's name.
         *
         * @throws BlockException INVALID_OPTION for any other name
         */
        public Image withCache(final String mode) throws BlockException {
            switch (mode) {
                case "writeback" -> with("cache.direct", false);
                case "none" -> direct();
                case "writethrough" -> writeThrough = true;
                case "directsync" -> {
                    direct();
                    writeThrough = true;
                }
                case "unsafe" -> {
                    with("cache.no-flush", true);
                    with("file.cache.no-flush", true);
                }
                default ->
                    throw new BlockException(
                            Kind.INVALID_OPTION,
                            "option '--cache' must be none, writeback, writethrough, directsync or unsafe, not '" + mode
                                    + "'");
            }
            return this;
        }

        private void direct() {
            with("cache.direct", true);
            with("file.cache.direct", true);
        }

        /** Options as {@code blockdev-add} takes them. */
        public Map<String, Object> options() {
            return Map.copyOf(options);
        }

        /** Whether each write is to be durable at once. */
        public boolean writeThrough() {
            return writeThrough;
        }
    }

    /**
     * An image in a file.
     *
     * @throws BlockException INVALID_OPTION for an offset into a format that has none
     */
    public static Image image(final String file, final String format, final long offset) throws BlockException {
        if (offset != 0 && !format.equals("raw")) {
            throw new BlockException(Kind.INVALID_OPTION, "option '--offset' goes with --format raw only");
        }
        final Image image = new Image()
                .with("driver", format)
                .with("file.driver", "file")
                .with("file.filename", file)
                .with("file.discard", "unmap");
        return offset == 0 ? image : image.with("offset", offset);
    }

    /**
     * Limits in {@code qemu-nbd}'s manner.
     *
     * @param shared clients at a time; 0 for as many as go
     * @param handshakeSeconds how long a handshake may take; 0 for long
     * @throws BlockException INVALID_OPTION when the credentials cannot be used
     */
    public static NbdServerOptions limits(
            final int shared, final int handshakeSeconds, final @Nullable Path credentials, final boolean verifyPeer)
            throws BlockException {
        final NbdServerOptions plain = NbdServerOptions.DEFAULT
                .withMaxConnections(shared == 0 ? UNLIMITED_CLIENTS : shared)
                .withHandshakeTimeout(handshakeSeconds == 0 ? LONGEST_HANDSHAKE : Duration.ofSeconds(handshakeSeconds));
        if (credentials == null) {
            return plain;
        }
        try {
            return plain.withTls(new TlsPolicy(TlsCredentials.server(credentials, verifyPeer), verifyPeer));
        } catch (final IOException e) {
            throw new BlockException(Kind.INVALID_OPTION, "option '--tls-creds': " + e.getMessage(), e);
        }
    }
}
