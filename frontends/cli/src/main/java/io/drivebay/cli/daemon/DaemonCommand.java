package io.drivebay.cli.daemon;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.object.LayerObjects;
import io.drivebay.backend.object.ObjectFactory;
import io.drivebay.cli.daemon.Step.Kind;
import io.drivebay.cli.host.Detachment;
import io.drivebay.cli.host.PidFile;
import io.drivebay.cli.host.Termination;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Stack;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code drivebay daemon}: serves block devices by qemu-storage-daemon's command line. */
@Command(
        name = "daemon",
        description = "Serve block devices, with qemu-storage-daemon's command line.",
        sortOptions = false,
        exitCodeOnInvalidInput = 1,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:told to end, and everything was written", "1:anything else"},
        footer = {
            "%nOptions are carried out in their order: what one names must come before it. Values are key=value,... with two",
            "commas for one in a value, or JSON objects. SIGTERM, SIGINT and SIGHUP answer what is in flight, flush, and end",
            "it."
        })
@SuppressWarnings("UnusedVariable") // the values of most options go to the steps, in the order of the command line
public final class DaemonCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--blockdev",
            paramLabel = "[driver=]DRIVER,...",
            parameterConsumer = InOrder.class,
            description = "Open a node, as blockdev-add does; drivebay drivers lists drivers.")
    private @Nullable String blockdev;

    @Option(
            names = "--object",
            paramLabel = "TYPE,id=ID,...",
            parameterConsumer = InOrder.class,
            description = "Make an object; --object help lists types, --object TYPE,help properties.")
    private @Nullable String object;

    @Option(
            names = "--nbd-server",
            paramLabel = "addr.type=unix|inet,...",
            parameterConsumer = InOrder.class,
            description = "Listen for NBD clients: addr.path, or addr.host and addr.port; tls-creds; max-connections.")
    private @Nullable String nbdServer;

    @Option(
            names = "--export",
            paramLabel = "[type=]TYPE,id=ID,node-name=NODE,...",
            parameterConsumer = InOrder.class,
            description = "Serve a node: writable, writethrough, iothread, fixed-iothread; nbd: name, description, "
                    + "allocation-depth; vhost-user-blk: addr.type=unix|fd, addr.path or addr.str, num-queues, "
                    + "logical-block-size.")
    private @Nullable String export;

    @Option(
            names = "--chardev",
            paramLabel = "socket|stdio,id=ID,...",
            parameterConsumer = InOrder.class,
            description = "A way to the monitor: socket has path, or host and port, and server=on to listen.")
    private @Nullable String chardev;

    @Option(
            names = "--monitor",
            paramLabel = "[chardev=]ID",
            parameterConsumer = InOrder.class,
            description = "Serve QMP on a character device.")
    private @Nullable String monitor;

    @Option(names = "--pidfile", paramLabel = "FILE", description = "Write the process id to a file once it serves.")
    private @Nullable Path pidFile;

    @Option(names = "--daemonize", description = "Go on in the background; end here once it serves.")
    private boolean daemonize;

    @Option(
            names = {"-T", "--trace"},
            paramLabel = "PATTERN",
            description = "Does nothing: what happens is recorded by Java Flight Recorder.")
    private @Nullable List<String> trace;

    private final List<Step> steps = new ArrayList<>();
    private boolean helped;

    /** Takes options in the order in which they stand. */
    private static final class InOrder implements IParameterConsumer {
        @Override
        public void consumeParameters(final Stack<String> words, final ArgSpec option, final CommandSpec command) {
            final String name = ((OptionSpec) option).longestName();
            if (words.isEmpty()) {
                throw new ParameterException(command.commandLine(), "option '" + name + "' needs a value");
            }
            for (final Kind kind : Kind.values()) {
                if (kind.option().equals(name)) {
                    ((DaemonCommand) command.userObject()).add(kind, words.pop());
                    return;
                }
            }
        }
    }

    private void add(final Kind kind, final String text) {
        try {
            if (kind != Kind.OBJECT || !help(text)) {
                steps.add(Step.parse(kind, text));
            }
        } catch (final TypeConversionException e) {
            throw new ParameterException(spec.commandLine(), "option '" + kind.option() + "': " + e.getMessage(), e);
        }
    }

    /** {@code help} prints the types of objects, {@code TYPE,help} the properties of one. */
    private boolean help(final String text) {
        final LayerObjects objects = new LayerObjects(context -> false);
        final PrintWriter out = spec.commandLine().getOut();
        if (text.equals("help")) {
            objects.types().forEach(type -> out.println(type.typeName()));
            helped = true;
        } else if (text.endsWith(",help")) {
            final String name = text.substring(0, text.length() - ",help".length());
            for (final ObjectFactory type : objects.types()) {
                if (type.typeName().equals(name)) {
                    new TreeMap<>(type.properties()).forEach((key, value) -> out.println(key + ": " + value));
                    helped = true;
                }
            }
        }
        return helped;
    }

    List<Step> steps() {
        return steps;
    }

    @Override
    public Integer call() throws BlockException, IOException, InterruptedException {
        if (helped) {
            return CommandLine.ExitCode.OK;
        }
        if (daemonize && !Detachment.isDetached()) {
            return Detachment.launch();
        }
        if (trace != null) {
            LoggerFactory.getLogger(DaemonCommand.class)
                    .warn("--trace does nothing: use Java Flight Recorder, -XX:StartFlightRecording");
        }
        try (Termination termination = Termination.watch()) {
            if (daemonize) {
                Detachment.begin();
            }
            serve(termination);
            termination.finishedWell();
        }
        return CommandLine.ExitCode.OK;
    }

    private void serve(final Termination termination) throws BlockException, IOException, InterruptedException {
        final Daemon daemon = Daemon.start(steps, termination::ask);
        try {
            PidFile.during(pidFile, () -> {
                if (daemonize) {
                    Detachment.ready();
                }
                termination.await();
            });
        } finally {
            daemon.close();
        }
    }
}
