package io.drivebay.cli.nbd;

import io.drivebay.nbd.Transmission;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where a server is. */
public final class AddressOptions {
    private static final String EVERYWHERE = "0.0.0.0";
    private static final int MAX_PORT = 65535;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-b", "--bind"},
            defaultValue = EVERYWHERE,
            description = "TCP address (${DEFAULT-VALUE}).")
    private String bind;

    @Option(
            names = {"-p", "--port"},
            defaultValue = "" + Transmission.DEFAULT_PORT,
            description = "TCP port (${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = {"-k", "--socket"},
            description = "Unix socket, instead of TCP.")
    private @Nullable Path socket;

    /** Where to listen. */
    public SocketAddress toServe() {
        return address(bind);
    }

    /** Where to look for a server. */
    public SocketAddress toAsk() {
        return address(host());
    }

    /** The host of {@link #toAsk}. */
    public String host() {
        return bind.equals(EVERYWHERE) ? "localhost" : bind;
    }

    private SocketAddress address(final String host) {
        final Path path = socket;
        if (path != null) {
            return UnixDomainSocketAddress.of(path);
        }
        if (port < 0 || port > MAX_PORT) {
            throw new ParameterException(command.commandLine(), "--port must be 0 to " + MAX_PORT);
        }
        final InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new ParameterException(command.commandLine(), "--bind: there is no host '" + host + "'");
        }
        return address;
    }
}
