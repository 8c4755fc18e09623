package io.drivebay.cli;

import io.drivebay.sim.scenario.Scenario;
import io.drivebay.sim.scenario.ScenarioException;
import io.drivebay.sim.scenario.ScenarioResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code drivebay scenario}: what host and guest do to IDE and CD drives, and what must come of it. */
@Command(
        name = "scenario",
        description = "Run scenario files: lines of what a host and a guest do to IDE and CD drives, and what must come"
                + " of it. Everything happens in one thread on a simulated clock, the same for the same seed.",
        sortOptions = false)
final class ScenarioCommand implements Callable<Integer> {
    private static final String SUFFIX = ".scenario";

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Scenario files, or folders of files that end in " + SUFFIX + ".")
    private List<Path> files = List.of();

    @Option(names = "--seed", paramLabel = "NUMBER", defaultValue = "1", description = "Seed (default: 1).")
    private long seed;

    @Option(names = "--trace", description = "Show all that host and guest do, with times in microseconds.")
    private boolean trace;

    @Option(names = "--verbs", description = "List what a line of a scenario may do, and nothing else.")
    private boolean verbs;

    @Override
    public Integer call() throws IOException {
        final PrintWriter out = spec.commandLine().getOut();
        if (verbs) {
            Scenario.verbs().forEach(out::println);
            return CommandLine.ExitCode.OK;
        }
        if (files.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "which scenario? Name a file or a folder");
        }
        final List<Path> all = expand();
        int failed = 0;
        for (final Path file : all) {
            failed += holds(file, out) ? 0 : 1;
        }
        out.println((all.size() - failed) + " of " + all.size() + " scenarios hold, seed " + seed);
        out.flush();
        return failed == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private List<Path> expand() throws IOException {
        final List<Path> all = new ArrayList<>();
        for (final Path path : files) {
            if (Files.isDirectory(path)) {
                try (Stream<Path> inside = Files.list(path)) {
                    inside.filter(file -> file.toString().endsWith(SUFFIX))
                            .sorted()
                            .forEach(all::add);
                }
            } else {
                all.add(path);
            }
        }
        if (all.isEmpty()) {
            throw new IOException(files + ": there is no file that ends in " + SUFFIX);
        }
        return all;
    }

    private boolean holds(final Path file, final PrintWriter out) throws IOException {
        final ScenarioResult result;
        try {
            result = Scenario.read(file).run(seed);
        } catch (final ScenarioException e) {
            out.println("FAILED  " + e.getMessage());
            return false;
        }
        if (trace) {
            result.trace().forEach(out::println);
        }
        out.println(result.holds() ? "ok      " + file : "FAILED  " + result.failure());
        return result.holds();
    }
}
