package io.drivebay.exports.control;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Where a server is to listen: QAPI's SocketAddress, of the kinds that there are here. */
final class ListenAddress {
    private static final int MAX_PORT = 65535;
    /** What the kernel's address structure holds, with its final 0. */
    private static final int MAX_PATH_BYTES = 107;

    private enum Type {
        UNIX,
        INET
    }

    private ListenAddress() {}

    /** Reads {@code addr.type} and what belongs to it. */
    static SocketAddress of(final BlockdevOptions options) throws BlockException {
        final BlockdevOptions address = options.nested("addr");
        if (address == null) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'addr' is missing: addr.type=unix or inet");
        }
        address.requiredText("type");
        final SocketAddress found = switch (address.choice("type", Type.class, Type.UNIX)) {
            case UNIX -> UnixDomainSocketAddress.of(path(address));
            case INET -> inet(address.requiredText("host"), address.requiredNumber("port"));
        };
        address.refuseUnread();
        return found;
    }

    /** Reads {@code addr.path}, of a Unix socket. */
    static String path(final BlockdevOptions address) throws BlockException {
        final String path = address.requiredText("path");
        try {
            if (path.isEmpty() || path.getBytes(StandardCharsets.UTF_8).length > MAX_PATH_BYTES) {
                throw new BlockException(
                        Kind.INVALID_OPTION,
                        "option 'addr.path' must have 1 to " + MAX_PATH_BYTES + " bytes, not '" + path + "'");
            }
            return Path.of(path).toString();
        } catch (final InvalidPathException e) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'addr.path': " + e.getMessage(), e);
        }
    }

    private static SocketAddress inet(final String host, final long port) throws BlockException {
        if (port > MAX_PORT) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'addr.port' must be 0 to " + MAX_PORT);
        }
        if (host.isEmpty()) {
            return new InetSocketAddress((int) port);
        }
        try {
            return new InetSocketAddress(InetAddress.getByName(host), (int) port);
        } catch (final UnknownHostException e) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'addr.host': there is no host '" + host + "'", e);
        }
    }
}
