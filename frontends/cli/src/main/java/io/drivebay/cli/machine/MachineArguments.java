package io.drivebay.cli.machine;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A command line in qemu-system's manner: {@code -name value}, one or two dashes, each in the order given. */
public final class MachineArguments {
    /** Options that take effect. */
    enum Option {
        MACHINE,
        MEMORY,
        UUID,
        BOOT,
        CDROM,
        DRIVE,
        BLOCKDEV,
        DEVICE,
        GLOBAL,
        NAME,
        QTEST,
        QTEST_LOG,
        CHARDEV,
        MON,
        QMP,
        ACCEL,
        DISPLAY,
        NO_DEFAULTS,
        STOPPED
    }

    /**
     * An option as it was given.
     *
     * @param name as it was written, with one dash, for messages
     * @param value what came with it; empty for an option that takes none
     */
    record Argument(Option option, String name, String value) {
        BlockException refusal(final String why) {
            return new BlockException(Kind.INVALID_OPTION, name + " " + value + ": " + why);
        }
    }

    private static final Map<String, Option> WITH_VALUE = Map.ofEntries(
            Map.entry("-machine", Option.MACHINE),
            Map.entry("-M", Option.MACHINE),
            Map.entry("-m", Option.MEMORY),
            Map.entry("-uuid", Option.UUID),
            Map.entry("-boot", Option.BOOT),
            Map.entry("-cdrom", Option.CDROM),
            Map.entry("-drive", Option.DRIVE),
            Map.entry("-blockdev", Option.BLOCKDEV),
            Map.entry("-device", Option.DEVICE),
            Map.entry("-global", Option.GLOBAL),
            Map.entry("-name", Option.NAME),
            Map.entry("-qtest", Option.QTEST),
            Map.entry("-qtest-log", Option.QTEST_LOG),
            Map.entry("-chardev", Option.CHARDEV),
            Map.entry("-mon", Option.MON),
            Map.entry("-qmp", Option.QMP),
            Map.entry("-accel", Option.ACCEL),
            Map.entry("-display", Option.DISPLAY));

    private static final Map<String, Option> ALONE = Map.of("-nodefaults", Option.NO_DEFAULTS, "-S", Option.STOPPED);

    /** Options for what such a machine has not got, whose values change nothing here. */
    private static final Set<String> IGNORED_WITH_VALUE =
            Set.of("-trace", "-cpu", "-smp", "-rtc", "-vga", "-L", "-msg", "-k");

    private static final Set<String> IGNORED_ALONE =
            Set.of("-no-reboot", "-no-shutdown", "-no-user-config", "-nographic", "-no-hpet", "-no-acpi");

    /** Devices that may be switched off, and are off anyway. */
    private static final Set<String> IGNORED_WITH_NONE =
            Set.of("-net", "-nic", "-serial", "-parallel", "-monitor", "-audio");

    private MachineArguments() {}

    /**
     * Reads a command line.
     *
     * @throws BlockException INVALID_OPTION for an option that there is not, by its name
     */
    static List<Argument> parse(final List<String> words) throws BlockException {
        final List<Argument> found = new ArrayList<>();
        for (int i = 0; i < words.size(); i++) {
            final String name = words.get(i).startsWith("--") ? words.get(i).substring(1) : words.get(i);
            final Option alone = ALONE.get(name);
            if (alone != null) {
                found.add(new Argument(alone, name, ""));
            } else if (!IGNORED_ALONE.contains(name)) {
                final String value = i + 1 < words.size() ? words.get(i + 1) : null;
                final Argument argument = withValue(name, value);
                if (argument != null) {
                    found.add(argument);
                }
                i++;
            }
        }
        return found;
    }

    private static @Nullable Argument withValue(final String name, final @Nullable String value) throws BlockException {
        final Option option = WITH_VALUE.get(name);
        final boolean none = IGNORED_WITH_NONE.contains(name);
        if (option == null && !none && !IGNORED_WITH_VALUE.contains(name)) {
            throw new BlockException(Kind.INVALID_OPTION, "'" + name + "' is no option of this machine");
        }
        if (value == null) {
            throw new BlockException(Kind.INVALID_OPTION, "option '" + name + "' needs a value");
        }
        if (none && !value.equals("none")) {
            throw new BlockException(
                    Kind.INVALID_OPTION, name + " " + value + ": there is none here, say " + name + " none");
        }
        return option == null ? null : new Argument(option, name, value);
    }
}
