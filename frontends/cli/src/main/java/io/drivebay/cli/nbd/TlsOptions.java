package io.drivebay.cli.nbd;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.object.LayerObjects;
import io.drivebay.cli.options.KeyValues;
import io.drivebay.exports.nbd.TlsPolicy;
import io.drivebay.nbd.TlsCredentials;
import io.drivebay.nbd.TlsCredsX509;
import io.drivebay.nbd.TlsCredsX509.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What protects a connection: an object, as {@code qemu-nbd} has it, or a folder of files. */
public final class TlsOptions {
    @Option(
            names = "--object",
            paramLabel = "TYPE,id=ID,...",
            description = "Make an object that other options name, such as tls-creds-x509,id=tls0,dir=FOLDER.")
    private @Nullable List<String> objects;

    @Option(
            names = "--tls-creds",
            paramLabel = "ID|FOLDER",
            description = "TLS: an object, or a folder with ca-cert.pem, server-cert.pem and server-key.pem, or "
                    + "client-*.pem with --list.")
    private @Nullable String credentials;

    @Option(
            names = "--tls-verify-peer",
            arity = "1",
            defaultValue = "true",
            description = "Whether clients need a certificate, when --tls-creds names a folder (${DEFAULT-VALUE}).")
    private boolean verifyPeer;

    @Option(names = "--tls-hostname", description = "Name that the server's certificate has to have, with --list.")
    private @Nullable String hostname;

    /** Makes the objects. */
    public void makeObjects(final LayerObjects registry) throws BlockException {
        final List<String> given = objects;
        if (given != null) {
            for (final String object : given) {
                registry.add(KeyValues.parse("--object", object, "qom-type"));
            }
        }
    }

    /** How a server meets its clients; null without TLS. */
    public @Nullable TlsPolicy server(final LayerObjects registry) throws BlockException {
        final String name = credentials;
        if (name == null) {
            return null;
        }
        final TlsCredsX509 object = registry.find(name, TlsCredsX509.class);
        return object == null
                ? new TlsPolicy(inFolder(name, Endpoint.SERVER), verifyPeer)
                : new TlsPolicy(object.context(Endpoint.SERVER), object.verifyPeer());
    }

    /** What a client trusts and shows; null without TLS. */
    public @Nullable SSLContext client(final LayerObjects registry) throws BlockException {
        final String name = credentials;
        if (name == null) {
            return null;
        }
        final TlsCredsX509 object = registry.find(name, TlsCredsX509.class);
        return object == null ? inFolder(name, Endpoint.CLIENT) : object.context(Endpoint.CLIENT);
    }

    private SSLContext inFolder(final String folder, final Endpoint endpoint) throws BlockException {
        try {
            return endpoint == Endpoint.SERVER
                    ? TlsCredentials.server(Path.of(folder), verifyPeer)
                    : TlsCredentials.client(Path.of(folder));
        } catch (final IOException e) {
            throw new BlockException(Kind.INVALID_OPTION, "option '--tls-creds': " + e.getMessage(), e);
        }
    }

    /** The name that a server's certificate has to have. */
    public String hostname(final String host) {
        final String given = hostname;
        return given == null ? host : given;
    }
}
