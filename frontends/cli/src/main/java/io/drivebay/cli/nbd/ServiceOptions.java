package io.drivebay.cli.nbd;

import io.drivebay.exports.nbd.NbdServerOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What clients see, how many there may be, and for how long they are served. */
public final class ServiceOptions {
    private static final Duration LONGEST_HANDSHAKE = Duration.ofHours(1);

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

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
            names = {"-A", "--allocation-depth"},
            description = "Offer qemu:allocation-depth.")
    private boolean allocationDepth;

    @Option(
            names = {"-e", "--shared"},
            defaultValue = "1",
            description = "Clients at a time; 0: as many as go (${DEFAULT-VALUE}).")
    private int shared;

    @Option(
            names = "--handshake-limit",
            defaultValue = "10",
            description = "Seconds for a client's handshake; 0: an hour (${DEFAULT-VALUE}).")
    private int handshakeLimit;

    @Option(
            names = {"-t", "--persistent"},
            description = "Go on when the last client leaves.")
    private boolean persistent;

    @Option(names = "--fork", description = "Go on in the background; end here once it serves.")
    private boolean fork;

    @Option(names = "--pid-file", description = "File for the process id.")
    private @Nullable Path pidFile;

    String exportName() {
        return exportName;
    }

    String description() {
        return description;
    }

    boolean allocationDepth() {
        return allocationDepth;
    }

    boolean persistent() {
        return persistent;
    }

    /** Whether to serve in a process of the background. */
    public boolean fork() {
        return fork;
    }

    @Nullable
    Path pidFile() {
        return pidFile;
    }

    /** What clients may. */
    NbdServerOptions limits() {
        return NbdServerOptions.DEFAULT
                .withMaxConnections(NbdServerOptions.connections(shared))
                .withHandshakeTimeout(handshakeLimit == 0 ? LONGEST_HANDSHAKE : Duration.ofSeconds(handshakeLimit));
    }

    /** Refuses what makes no sense. */
    public void check() {
        if (shared < 0 || handshakeLimit < 0) {
            throw new ParameterException(command.commandLine(), "--shared and --handshake-limit must not be negative");
        }
    }
}
