package io.drivebay.nbd;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.object.LayerObject;
import io.drivebay.backend.object.LayerObjects;
import io.drivebay.backend.object.ObjectFactory;
import java.util.Map;

/** Refuses {@code tls-creds-psk} with the reason: the JDK's TLS has no cipher suites with keys shared beforehand. */
public final class TlsCredsPskFactory implements ObjectFactory {
    @Override
    public String typeName() {
        return "tls-creds-psk";
    }

    @Override
    public Map<String, String> properties() {
        return Map.of();
    }

    @Override
    public LayerObject create(final String id, final BlockdevOptions properties, final LayerObjects others)
            throws BlockException {
        throw new BlockException(
                Kind.NOT_SUPPORTED, "tls-creds-psk: the JDK's TLS has no pre-shared keys; use tls-creds-x509");
    }
}
