package io.drivebay.nbd;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.object.LayerObject;
import io.drivebay.backend.object.LayerObjects;
import io.drivebay.backend.object.ObjectFactory;
import io.drivebay.nbd.TlsCredsX509.Endpoint;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLContext;

/** Makes {@code tls-creds-x509} objects from a folder, under the names that {@link TlsCredentials} knows. */
public final class TlsCredsX509Factory implements ObjectFactory {
    @Override
    public String typeName() {
        return "tls-creds-x509";
    }

    @Override
    public Map<String, String> properties() {
        return Map.of(
                "dir", "folder with ca-cert.pem, ca-crl.pem and server-*.pem or client-*.pem",
                "endpoint", "server or client (client)",
                "verify-peer", "whether clients need a certificate (yes)");
    }

    @Override
    public LayerObject create(final String id, final BlockdevOptions properties, final LayerObjects others)
            throws BlockException {
        final Path folder = folder(properties.requiredText("dir"));
        final Endpoint endpoint = properties.choice("endpoint", Endpoint.class, Endpoint.CLIENT);
        final boolean verifyPeer = properties.flag("verify-peer", true);
        if (endpoint == Endpoint.CLIENT && !verifyPeer) {
            throw new BlockException(
                    Kind.NOT_SUPPORTED, "option 'verify-peer' must be on for a client: a server is always verified");
        }
        try {
            final SSLContext context = endpoint == Endpoint.SERVER
                    ? TlsCredentials.server(folder, verifyPeer)
                    : TlsCredentials.client(folder);
            return new TlsCredsX509(id, endpoint, folder, context, verifyPeer);
        } catch (final IOException e) {
            throw new BlockException(Kind.INVALID_OPTION, "object '" + id + "': " + e.getMessage(), e);
        }
    }

    private static Path folder(final String dir) throws BlockException {
        try {
            return Path.of(dir);
        } catch (final InvalidPathException e) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'dir' is no path: " + e.getMessage(), e);
        }
    }
}
