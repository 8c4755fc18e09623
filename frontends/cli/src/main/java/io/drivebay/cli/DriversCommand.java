package io.drivebay.cli;

import io.drivebay.backend.graph.DriverFactory;
import java.io.PrintWriter;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code drivebay drivers}: which block drivers this build has. */
@Command(name = "drivers", description = "List the block drivers that --blockdev knows, one a line.")
final class DriversCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        final PrintWriter out = spec.commandLine().getOut();
        ServiceLoader.load(DriverFactory.class).stream()
                .map(found -> found.get().driverName())
                .sorted()
                .forEach(out::println);
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}
