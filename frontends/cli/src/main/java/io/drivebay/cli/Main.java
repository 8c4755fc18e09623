package io.drivebay.cli;

import io.drivebay.cli.bench.BenchCommand;
import io.drivebay.cli.daemon.DaemonCommand;
import io.drivebay.cli.demo.DemoCommand;
import io.drivebay.cli.host.Build;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/** The {@code drivebay} command. Without a subcommand it prints its usage. */
@Command(
        name = "drivebay",
        description = "Block devices for guests: backends, drivers and device models.",
        mixinStandardHelpOptions = true,
        scope = CommandLine.ScopeType.INHERIT,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, and everything was as it should be",
            "1:something failed, or did not verify",
            "2:the command line makes no sense"
        },
        subcommands = {
            DemoCommand.class,
            BenchCommand.class,
            NbdCommand.class,
            DaemonCommand.class,
            ScenarioCommand.class,
            MachineCommand.class,
            DriversCommand.class
        })
public final class Main implements Runnable {
    @Spec
    private CommandSpec spec;

    @Mixin
    private Verbosity verbosity;

    private Main() {}

    /** Runs one command and ends the JVM with its exit code. */
    public static void main(final String[] args) {
        System.exit(run(writer(System.out), writer(System.err), args));
    }

    private static PrintWriter writer(final PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    /** Runs one command with output of its own; returns its exit code. */
    static int run(final PrintWriter out, final PrintWriter err, final String... args) {
        final Main main = new Main();
        final CommandLine command = new CommandLine(main);
        final Exit exit = new Exit(Objects.requireNonNull(main.verbosity));
        final CommandLine.IExecutionStrategy inOrder = parsed -> {
            main.verbosity.apply();
            return new RunLast().execute(parsed);
        };
        return command.setOut(out)
                .setErr(err)
                .setExecutionStrategy(inOrder)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                .setUsageHelpWidth(100)
                .setParameterExceptionHandler(exit)
                .setExecutionExceptionHandler(exit)
                .execute(withForeignOptions(args));
    }

    /** Options with one dash would be taken for bundles of short ones: what follows {@code machine} is for that alone. */
    private static String[] withForeignOptions(final String... args) {
        if (args.length < 2 || !args[0].equals(MachineCommand.NAME) || args[1].equals("--help")) {
            return args;
        }
        final List<String> words = new ArrayList<>(List.of(args));
        words.add(1, "--");
        return words.toArray(new String[0]);
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    /** Reads the version from the manifest of the runnable jar. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"drivebay " + Build.version()};
        }
    }
}
