package io.drivebay.cli.host;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.cli.options.KeyValues;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One end of a character device: a socket, or standard input and output.
 *
 * @param address where the socket is; null for one that is connected, and for standard input and output
 * @param server true to listen there, false to connect to somebody who does
 * @param descriptor of a connected socket that the process was started with; negative for none
 */
public record Endpoint(@Nullable SocketAddress address, boolean server, int descriptor) {
    /** No connected socket. */
    private static final int NONE = -1;

    public static final Endpoint STDIO = new Endpoint(null, false, NONE);

    private static final int MAX_PORT = 65535;
    private static final int FIRST_INHERITED = 3;

    /**
     * {@code stdio}, or {@code unix:PATH} or {@code tcp:HOST:PORT} with {@code server} and {@code wait} options.
     *
     * @throws BlockException INVALID_OPTION when it is neither
     */
    public static Endpoint parse(final String text) throws BlockException {
        if (text.equals("stdio")) {
            return STDIO;
        }
        final int colon = text.indexOf(':');
        final String kind = colon < 0 ? text : text.substring(0, colon);
        final Map<String, Object> values = new LinkedHashMap<>(
                KeyValues.parse(flags(text.substring(colon + 1)), kind.equals("unix") ? "path" : "where"));
        if (kind.equals("tcp")) {
            final String where = String.valueOf(values.remove("where"));
            final int split = where.lastIndexOf(':');
            values.put("host", where.substring(0, Math.max(0, split)));
            values.put("port", where.substring(split + 1));
        } else if (!kind.equals("unix")) {
            throw new BlockException(
                    Kind.INVALID_OPTION, "'" + text + "' is neither unix:PATH, tcp:HOST:PORT nor stdio");
        }
        return of(new BlockdevOptions(values));
    }

    /** QEMU's short forms of boolean options. */
    public static String flags(final String text) {
        return text.replaceAll(",server(?=,|$)", ",server=on").replaceAll(",nowait(?=,|$)", ",wait=off");
    }

    /**
     * The options of {@code -chardev socket} but for its id.
     *
     * @throws BlockException INVALID_OPTION when one is missing or too many
     */
    public static Endpoint of(final BlockdevOptions options) throws BlockException {
        final boolean server = options.flag("server", false);
        options.flag("wait", server);
        options.text("reconnect");
        if (options.has("fd")) {
            return inherited(options, server);
        }
        final String path = options.text("path");
        final SocketAddress address = path != null ? unix(path) : inet(options);
        options.refuseUnread();
        return new Endpoint(address, server, NONE);
    }

    private static Endpoint inherited(final BlockdevOptions options, final boolean server) throws BlockException {
        final long descriptor = options.number("fd", NONE);
        if (server || descriptor < FIRST_INHERITED || descriptor > Integer.MAX_VALUE) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "fd=" + descriptor + ": only a connected socket from " + FIRST_INHERITED + " on can be inherited");
        }
        options.refuseUnread();
        return new Endpoint(null, false, (int) descriptor);
    }

    /** True for a connected socket that the process was started with. */
    public boolean isInherited() {
        return descriptor >= 0;
    }

    private static SocketAddress unix(final String path) throws BlockException {
        try {
            return UnixDomainSocketAddress.of(Path.of(path));
        } catch (final InvalidPathException e) {
            throw new BlockException(Kind.INVALID_OPTION, "'" + path + "' is no path", e);
        }
    }

    private static SocketAddress inet(final BlockdevOptions options) throws BlockException {
        final @Nullable String host = options.text("host");
        final long port = options.number("port", -1);
        if (port < 0 || port > MAX_PORT) {
            throw new BlockException(Kind.INVALID_OPTION, "a socket needs a path, or a host and a port up to 65535");
        }
        if (host == null || host.isEmpty()) {
            return new InetSocketAddress((int) port);
        }
        final InetSocketAddress address = new InetSocketAddress(host, (int) port);
        if (address.isUnresolved()) {
            throw new BlockException(Kind.INVALID_OPTION, "there is no host '" + host + "'");
        }
        return address;
    }
}
