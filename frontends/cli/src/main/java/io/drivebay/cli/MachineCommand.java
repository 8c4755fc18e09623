package io.drivebay.cli;

import io.drivebay.cli.machine.MachineService;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code drivebay machine}: stands where qemu-system stands, with its options. */
@Command(
        name = "machine",
        description = "Run a PC without a CPU for clients of qtest and QMP; options as qemu-system's.",
        footer = {
            "%nIt takes -machine pc|none, -m, -drive, -blockdev, -device, -global, -qtest, -qtest-log,",
            "-chardev socket|stdio, -mon, -qmp, -accel qtest, -display none, -nodefaults, -uuid, -S,",
            "and ignores what concerns other parts of a machine. An option that it has not got is an error.",
            "SIGTERM ends it with exit code 0."
        })
final class MachineCommand implements Callable<Integer> {
    /** Word of the command line after which {@link Main} reads no option of its own. */
    static final String NAME = "machine";

    @Parameters(paramLabel = "OPTION", description = "As qemu-system spells them.")
    private List<String> words = List.of();

    @Override
    public Integer call() throws Exception {
        new MachineService(words).run();
        return CommandLine.ExitCode.OK;
    }
}
