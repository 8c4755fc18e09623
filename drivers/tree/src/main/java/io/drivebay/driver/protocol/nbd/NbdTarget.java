package io.drivebay.driver.protocol.nbd;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * Where an export is to be had.
 *
 * @param unixPath path of a Unix socket; null for TCP
 * @param host host name or address for TCP; empty for a Unix socket
 * @param port TCP port
 * @param export the export's name
 * @param tls whom to trust and what to show; null without TLS
 * @param tlsHostname the name that the server's certificate must have
 */
record NbdTarget(
        @Nullable Path unixPath,
        String host,
        int port,
        String export,
        @Nullable SSLContext tls,
        String tlsHostname) {

    /** The address, after a name look-up, which may block. */
    SocketAddress resolve() throws IOException {
        if (unixPath != null) {
            return UnixDomainSocketAddress.of(unixPath);
        }
        final InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("host '" + host + "' is unknown");
        }
        return address;
    }

    @Nullable
    SSLEngine newEngine() {
        if (tls == null) {
            return null;
        }
        final SSLEngine engine = tls.createSSLEngine(tlsHostname, port);
        engine.setUseClientMode(true);
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return engine;
    }

    String describe() {
        final String server = unixPath != null ? "unix:" + unixPath : host + ":" + port;
        return "export '" + export + "' of NBD server " + server;
    }
}
