package io.drivebay.nbd;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.object.LayerObject;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** X.509 credentials by an id: QAPI's {@code tls-creds-x509}. */
public final class TlsCredsX509 implements LayerObject {
    /** Which end of a connection shows them. */
    public enum Endpoint {
        CLIENT,
        SERVER
    }

    private final String id;
    private final Endpoint endpoint;
    private final Path folder;
    private final SSLContext context;
    private final boolean verifyPeer;

    TlsCredsX509(
            final String id,
            final Endpoint endpoint,
            final Path folder,
            final SSLContext context,
            final boolean verifyPeer) {
        this.id = id;
        this.endpoint = endpoint;
        this.folder = folder;
        this.context = context;
        this.verifyPeer = verifyPeer;
    }

    /**
     * The certificates and whom they trust.
     *
     * @throws BlockException INVALID_OPTION when they are for the other end
     */
    public SSLContext context(final Endpoint wanted) throws BlockException {
        if (wanted != endpoint) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "the TLS credentials '" + id + "' are for a " + spelling(endpoint) + ", not for a "
                            + spelling(wanted));
        }
        return context;
    }

    /** Whether the other end has to show a certificate that is trusted. */
    public boolean verifyPeer() {
        return verifyPeer;
    }

    @Override
    public Map<String, Object> describe() {
        return Map.of("endpoint", spelling(endpoint), "dir", folder.toString(), "verify-peer", verifyPeer);
    }

    private static String spelling(final Endpoint end) {
        return end.name().toLowerCase(Locale.ROOT);
    }
}
