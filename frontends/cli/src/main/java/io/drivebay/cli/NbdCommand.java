package io.drivebay.cli;

import io.drivebay.cli.nbd.NbdListing;
import io.drivebay.cli.nbd.NbdService;
import io.drivebay.cli.nbd.NbdSettings;
import io.drivebay.cli.options.SizeConverter;
import io.drivebay.exports.nbd.NbdExportOptions;
import io.drivebay.nbd.Transmission;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code drivebay nbd}: what {@code qemu-nbd} serves and lists, with its options. */
@Command(
        name = "nbd",
        description = "Serve an image by NBD, or list what an NBD server has (--list).",
        footer = {
            "%nWithout --persistent it ends when the last client has left. SIGTERM answers what is in flight,",
            "flushes, and ends with exit code 0."
        })
final class NbdCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "FILE", description = "Image to serve.")
    private @Nullable String file;

    @Option(
            names = {"-b", "--bind"},
            defaultValue = "0.0.0.0",
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

    @Option(
            names = {"-x", "--export-name"},
            defaultValue = "",
            description = "Name of the export (empty: the default export).")
    private String exportName;

    @Option(
            names = {"-D", "--description"},
            defaultValue = "",
            description = "What clients are told of it.")
    private String description;

    @Option(
            names = {"-r", "--read-only"},
            description = "Let nobody write.")
    private boolean readOnly;

    @Option(
            names = {"-e", "--shared"},
            defaultValue = "1",
            description = "Clients at a time; 0: as many as go (${DEFAULT-VALUE}).")
    private int shared;

    @Option(
            names = {"-t", "--persistent"},
            description = "Go on when the last client leaves.")
    private boolean persistent;

    @Option(
            names = {"-f", "--format"},
            defaultValue = "raw",
            description = "Format driver of the image (${DEFAULT-VALUE}).")
    private String format;

    @Option(
            names = {"-o", "--offset"},
            converter = SizeConverter.class,
            defaultValue = "0",
            description = "Serve from here on; raw images only.")
    private long offset;

    @Option(
            names = "--cache",
            defaultValue = "writeback",
            description = "none, writeback, writethrough, directsync or unsafe (${DEFAULT-VALUE}).")
    private String cache;

    @Option(names = "--aio", description = "threads or io_uring (what there is).")
    private @Nullable String aio;

    @Option(names = "--discard", defaultValue = "unmap", description = "ignore or unmap (${DEFAULT-VALUE}).")
    private String discard;

    @Option(names = "--detect-zeroes", defaultValue = "off", description = "off, on or unmap (${DEFAULT-VALUE}).")
    private String detectZeroes;

    @Option(
            names = {"-A", "--allocation-depth"},
            description = "Offer qemu:allocation-depth.")
    private boolean allocationDepth;

    @Option(
            names = "--handshake-limit",
            defaultValue = "10",
            description = "Seconds for a client's handshake; 0: an hour (${DEFAULT-VALUE}).")
    private int handshakeLimit;

    @Option(
            names = "--tls-creds",
            description = "Folder with ca-cert.pem, server-cert.pem and server-key.pem, or client-*.pem with --list.")
    private @Nullable Path tlsCreds;

    @Option(
            names = "--tls-verify-peer",
            arity = "1",
            defaultValue = "true",
            description = "Whether clients need a certificate (${DEFAULT-VALUE}).")
    private boolean tlsVerifyPeer;

    @Option(names = "--tls-hostname", description = "Name that the server's certificate has to have, with --list.")
    private @Nullable String tlsHostname;

    @Option(names = "--pid-file", description = "File for the process id.")
    private @Nullable Path pidFile;

    @Option(
            names = {"-L", "--list"},
            description = "List a server's exports.")
    private boolean list;

    @Override
    public Integer call() throws Exception {
        if (list) {
            return new NbdListing(spec.commandLine().getOut()).print(address(), tlsCreds, hostname());
        }
        final String image = file;
        if (image == null) {
            throw new ParameterException(spec.commandLine(), "an image file is missing");
        }
        if (shared < 0 || handshakeLimit < 0) {
            throw new ParameterException(spec.commandLine(), "--shared and --handshake-limit must not be negative");
        }
        final NbdSettings settings = new NbdSettings(
                NbdSettings.image(image, format, offset)
                        .with("read-only", readOnly)
                        .with("discard", discard)
                        .with("detect-zeroes", detectZeroes)
                        .withAio(aio)
                        .withCache(cache),
                new NbdExportOptions(exportName, description, !readOnly, allocationDepth),
                NbdSettings.limits(shared, handshakeLimit, tlsCreds, tlsVerifyPeer),
                address(),
                persistent,
                pidFile);
        new NbdService(settings, spec.commandLine().getErr()).run();
        return CommandLine.ExitCode.OK;
    }

    private String hostname() {
        final String given = tlsHostname;
        return given != null ? given : bind;
    }

    private SocketAddress address() {
        final Path path = socket;
        if (path != null) {
            return UnixDomainSocketAddress.of(path);
        }
        if (port < 0 || port > 65535) {
            throw new ParameterException(spec.commandLine(), "--port must be 0 to 65535");
        }
        return new InetSocketAddress(list && bind.equals("0.0.0.0") ? "localhost" : bind, port);
    }
}
