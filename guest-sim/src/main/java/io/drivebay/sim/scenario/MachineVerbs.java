package io.drivebay.sim.scenario;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.policy.ErrorPolicy.OnError;
import io.drivebay.ide.device.Deviation;
import io.drivebay.sim.ide.AtapiDriver;
import io.drivebay.sim.kit.SwapLoad;
import io.drivebay.sim.kit.TestMachine;
import io.drivebay.sim.simulation.SimFaults;
import io.drivebay.sim.simulation.SimMedium;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** What a machine is made of, what happens to it as a whole, and what can be seen of it. */
final class MachineVerbs {
    private static final String NONE = "";
    private static final String OK = "ok";
    private static final int LARGEST_MEDIUM = 64 << 20;

    private MachineVerbs() {}

    static void addTo(final Consumer<Verb> table) {
        // spotless:off
        table.accept(new Verb("profile",     "NAME",                           NONE, MachineVerbs::profile));
        table.accept(new Verb("medium",      "NAME SIZE [latency=TIME] [spread=TIME] [fail=PERCENT] [bad-block=NUMBER]"
                                                                     + " [bad-sector=NUMBER]", NONE, MachineVerbs::medium));
        table.accept(new Verb("blockdev",    "NAME KEY=VALUE...",              NONE, MachineVerbs::blockdev));
        table.accept(new Verb("cd",          "ID [MEDIUM] [rerror=POLICY] [werror=POLICY]", NONE, MachineVerbs::cd));
        table.accept(new Verb("disk",        "ID MEDIUM [rerror=POLICY] [werror=POLICY]", NONE, MachineVerbs::disk));
        table.accept(new Verb("slot",        "NAME [MEDIUM]",                  NONE, MachineVerbs::slot));
        table.accept(new Verb("bus-reset",   "",                               OK,   MachineVerbs::busReset));
        table.accept(new Verb("stop",        "",                               OK,   MachineVerbs::stop));
        table.accept(new Verb("cont",        "",                               OK,   MachineVerbs::cont));
        table.accept(new Verb("wait",        "TIME",                           OK,   MachineVerbs::waitFor));
        table.accept(new Verb("load",        "commands=NUMBER swaps=NUMBER media=LIST [empty]", "lost 0 wrong 0",
                                                                                     MachineVerbs::load));
        table.accept(new Verb("tray-moves",  "",                               "none", (stage, line) -> stage.machine().trayMoves()));
        table.accept(new Verb("events",      "",                               "none", (stage, line) -> stage.machine().events()));
        table.accept(new Verb("run-state",   "",                               "running", (stage, line) -> stage.machine().runState()));
        table.accept(new Verb("io-status",   "",                               OK,   (stage, line) -> stage.host(line).ioStatus()));
        table.accept(new Verb("transitions", "",                               "none", MachineVerbs::transitions));
        table.accept(new Verb("state",       "",                               OK,   (stage, line) -> stage.host(line).state()));
        table.accept(new Verb("interrupts",  "[CHANNEL]",                      "0",  MachineVerbs::interrupts));
        table.accept(new Verb("requests",    "MEDIUM",                         "0",  MachineVerbs::requests));
        // spotless:on
    }

    // ---- what it is made of ----

    private static String profile(final Stage stage, final Statement line) {
        stage.machine().profile(deviations(line.word(0)));
        return NONE;
    }

    private static Set<Deviation> deviations(final String name) {
        return switch (name) {
            case "standard" -> Deviation.STANDARD;
            case "qemu-quirks" -> Deviation.QEMU_QUIRKS;
            default ->
                throw new IllegalArgumentException(
                        "no profile is called '" + name + "'; there are standard, qemu-quirks");
        };
    }

    private static String medium(final Stage stage, final Statement line) {
        final int bytes = line.number(1);
        if (bytes > LARGEST_MEDIUM) {
            throw new IllegalArgumentException("a medium of " + bytes + " bytes: the most is " + LARGEST_MEDIUM
                    + "; a larger one is a blockdev of driver null-co");
        }
        final TestMachine machine = stage.machine();
        machine.medium(line.word(0), bytes, faults(line));
        final int perBlock = AtapiDriver.BLOCK / SimMedium.SECTOR_BYTES;
        final int block = line.number("bad-block", -1);
        if (block >= 0) {
            machine.damage(line.word(0), Math.multiplyExact(block, perBlock), perBlock);
        }
        final int sector = line.number("bad-sector", -1);
        if (sector >= 0) {
            machine.damage(line.word(0), sector, 1);
        }
        return NONE;
    }

    private static SimFaults faults(final Statement line) {
        final long least = Statement.timeNs(line.option("latency", "5us"));
        final long spread = Statement.timeNs(line.option("spread", "1us"));
        return new SimFaults(
                Math.toIntExact(least), Math.toIntExact(Math.addExact(least, spread)), line.number("fail", 0), true);
    }

    private static String blockdev(final Stage stage, final Statement line) {
        stage.machine().blockdev(line.word(0), line.driverOptions(Set.of()));
        return NONE;
    }

    private static String cd(final Stage stage, final Statement line) throws BlockException {
        stage.machine().cd(line.word(0), line.wordOrNull(1));
        return added(stage, line);
    }

    private static String disk(final Stage stage, final Statement line) throws BlockException {
        stage.machine().disk(line.word(0), line.word(1));
        return added(stage, line);
    }

    private static String added(final Stage stage, final Statement line) {
        stage.added(line.word(0));
        stage.machine().host(line.word(0)).errorPolicy(policy(line, "rerror"), policy(line, "werror"));
        return NONE;
    }

    private static OnError policy(final Statement line, final String key) {
        final String name = line.option(key, "auto");
        for (final OnError policy : OnError.values()) {
            if (policy.name().toLowerCase(Locale.ROOT).equals(name)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("'" + name + "' is no policy: report, ignore, stop, enospc, auto");
    }

    private static String slot(final Stage stage, final Statement line) throws BlockException {
        stage.machine().slot(line.word(0), line.wordOrNull(1));
        stage.added(line.word(0));
        return NONE;
    }

    // ---- what happens to it ----

    private static String busReset(final Stage stage, final Statement line) {
        stage.machine().busReset();
        return OK;
    }

    private static String stop(final Stage stage, final Statement line) {
        stage.machine().stop();
        return OK;
    }

    private static String cont(final Stage stage, final Statement line) {
        stage.machine().resume();
        return OK;
    }

    private static String waitFor(final Stage stage, final Statement line) {
        stage.machine().waitNs(Statement.timeNs(line.word(0)));
        return OK;
    }

    private static String load(final Stage stage, final Statement line) {
        final SwapLoad.Plan plan = new SwapLoad.Plan(
                line.number("commands", 1),
                line.number("swaps", 1),
                List.of(line.option("media", "").split(",", -1)),
                line.has("empty"));
        return new SwapLoad(stage.machine(), stage.cd(line), plan).run();
    }

    // ---- what can be seen ----

    private static String transitions(final Stage stage, final Statement line) {
        final String names = stage.machine().transitions().stream()
                .map(transition -> transition.input().name())
                .collect(Collectors.joining(" "));
        return names.isEmpty() ? "none" : names;
    }

    private static String interrupts(final Stage stage, final Statement line) {
        final int channel = line.words().isEmpty() ? 0 : line.number(0);
        if (channel > 1) {
            throw new IllegalArgumentException("there is no channel " + channel + "; there are 0 and 1");
        }
        return Long.toString(stage.takeInterrupts(channel));
    }

    private static String requests(final Stage stage, final Statement line) {
        return Long.toString(stage.machine().requests(line.word(0)));
    }
}
