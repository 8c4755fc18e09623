package io.drivebay.driver.protocol.nbd;

import io.drivebay.backend.context.Clock;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockDriver;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.backend.graph.DriverFactory;
import io.drivebay.backend.graph.OpenScope;
import io.drivebay.nbd.Handshake;
import io.drivebay.nbd.SocketLoop;
import io.drivebay.nbd.TlsCredentials;
import io.drivebay.nbd.TlsCredsX509;
import io.drivebay.nbd.Transmission;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Opens {@code nbd}: server.type (unix, inet) with server.path or server.host and server.port, export, reconnect-delay and
 * open-timeout in seconds, tls-creds (a folder with QEMU's file names), tls-hostname.
 */
public final class NbdDriverFactory implements DriverFactory {
    private static final int MAX_PORT = 65535;
    private static final long MAX_SECONDS = 1L << 32;

    /** QAPI's SocketAddressType, as far as there are such sockets here. */
    private enum ServerType {
        UNIX,
        INET
    }

    @Override
    public String driverName() {
        return NbdDriver.NAME;
    }

    @Override
    public BlockDriver open(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        final NbdTarget target = target(options, scope);
        final long reconnectDelayNs = seconds(options, "reconnect-delay");
        final long openTimeoutNs = seconds(options, "open-timeout");
        final IoContext context = scope.domain().context();
        final SocketLoop loop = newLoop(scope.nodeName(), context.clock());
        final Connector connector = new Connector(loop, context.clock(), target);
        try {
            final NbdLink link = connect(connector, target, context.clock().nanoTime() + openTimeoutNs);
            if (link.readOnly() && !scope.nodeOptions().readOnly() && !scope.autoReadOnly()) {
                link.stream().close();
                throw new BlockException(
                        Kind.INVALID_OPTION, target.describe() + " is read-only: open it with read-only=on");
            }
            return new NbdDriver(context, loop, connector, target, link, reconnectDelayNs);
        } catch (final BlockException e) {
            loop.close();
            throw e;
        }
    }

    private static SocketLoop newLoop(final String nodeName, final Clock clock) throws BlockException {
        try {
            return new SocketLoop("nbd-" + nodeName, clock).start();
        } catch (final IOException e) {
            throw new BlockException(Kind.IO, "cannot watch sockets: " + e.getMessage(), e);
        }
    }

    private static NbdTarget target(final BlockdevOptions options, final OpenScope scope) throws BlockException {
        final BlockdevOptions server = options.nested("server");
        if (server == null) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'server' is missing: server.type=unix or inet");
        }
        server.requiredText("type");
        final ServerType type = server.choice("type", ServerType.class, ServerType.UNIX);
        final Path path = type == ServerType.UNIX ? path("server.path", server.requiredText("path")) : null;
        final String host = type == ServerType.INET ? server.requiredText("host") : "";
        final int port = type == ServerType.INET ? port(server) : Transmission.DEFAULT_PORT;
        server.refuseUnread();
        final String credentials = options.text("tls-creds");
        final String hostname = Objects.requireNonNullElse(options.text("tls-hostname"), host);
        final SSLContext tls = credentials == null ? null : credentials(credentials, scope);
        return new NbdTarget(path, host, port, export(options), tls, hostname);
    }

    private static Path path(final String option, final String text) throws BlockException {
        try {
            return Path.of(text);
        } catch (final InvalidPathException e) {
            throw new BlockException(Kind.INVALID_OPTION, "option '" + option + "' is no path: " + e.getMessage(), e);
        }
    }

    private static String export(final BlockdevOptions options) throws BlockException {
        final String name = Objects.requireNonNullElse(options.text("export"), "");
        if (name.getBytes(StandardCharsets.UTF_8).length > Handshake.MAX_STRING) {
            throw new BlockException(
                    Kind.INVALID_OPTION, "option 'export' must have at most " + Handshake.MAX_STRING + " bytes");
        }
        return name;
    }

    private static int port(final BlockdevOptions server) throws BlockException {
        final long port = server.number("port", Transmission.DEFAULT_PORT);
        if (port < 1 || port > MAX_PORT) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'server.port' must be 1 to " + MAX_PORT);
        }
        return (int) port;
    }

    /** The object with an id, or what is in a folder. */
    private static SSLContext credentials(final String credentials, final OpenScope scope) throws BlockException {
        final TlsCredsX509 object = scope.object(credentials, TlsCredsX509.class);
        if (object != null) {
            return object.context(TlsCredsX509.Endpoint.CLIENT);
        }
        try {
            return TlsCredentials.client(path("tls-creds", credentials));
        } catch (final IOException e) {
            throw new BlockException(Kind.INVALID_OPTION, "option 'tls-creds': " + e.getMessage(), e);
        }
    }

    private static long seconds(final BlockdevOptions options, final String key) throws BlockException {
        final long seconds = options.number(key, 0);
        if (seconds >= MAX_SECONDS) {
            throw new BlockException(Kind.INVALID_OPTION, "option '" + key + "' must be less than " + MAX_SECONDS);
        }
        return TimeUnit.SECONDS.toNanos(seconds);
    }

    private static NbdLink connect(final Connector connector, final NbdTarget target, final long giveUpNs)
            throws BlockException {
        final CompletableFuture<NbdLink> opened = new CompletableFuture<>();
        connector.connect(giveUpNs, new Connector.Outcome() {
            @Override
            public void connected(final NbdLink link) {
                opened.complete(link);
            }

            @Override
            public void gaveUp(final IOException lastFailure) {
                opened.completeExceptionally(lastFailure);
            }
        });
        try {
            return opened.get();
        } catch (final ExecutionException e) {
            throw failure(target, e.getCause());
        } catch (final InterruptedException e) {
            connector.stop();
            Thread.currentThread().interrupt();
            throw failure(target, e);
        }
    }

    private static BlockException failure(final NbdTarget target, final @Nullable Throwable cause) {
        final String what = "cannot open " + target.describe();
        return cause == null
                ? new BlockException(Kind.IO, what)
                : new BlockException(Kind.IO, what + ": " + cause.getMessage(), cause);
    }
}
