package io.drivebay.exports.nbd;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/**
 * How clients are met in TLS. With a policy nobody gets at an export, or its name, without TLS.
 *
 * @param context the server's certificate and whom it trusts
 * @param verifyPeer whether a client has to show a certificate that is trusted
 */
public record TlsPolicy(SSLContext context, boolean verifyPeer) {
    SSLEngine newEngine() {
        final SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(false);
        final SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        parameters.setNeedClientAuth(verifyPeer);
        engine.setSSLParameters(parameters);
        return engine;
    }
}
