package io.drivebay.cli.machine;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.cli.host.Endpoint;
import io.drivebay.cli.machine.MachineArguments.Argument;
import io.drivebay.cli.options.KeyValues;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.TypeConversionException;

/** What a command line says of a machine: each option read, nothing opened yet. */
final class MachineOptions {
    private static final long DEFAULT_RAM = 128 << 20;
    private static final long LEAST_RAM = 1 << 20;
    private static final long MOST_RAM = 1L << 40;
    private static final int PAGE = 4096;
    private static final String CHARDEV = "chardev:";
    private static final int DISC_PLACE = 2;

    /** Which machine. */
    enum Type {
        PC,
        NONE
    }

    Type type = Type.PC;
    boolean quirks;
    boolean defaults = true;
    long ramBytes = DEFAULT_RAM;
    UUID uuid = new UUID(0, 0);
    String name = "";
    BootOptions boot = BootOptions.NONE;

    @Nullable
    Endpoint qtest;

    @Nullable
    String qtestLog;

    final List<Map<String, Object>> blockdevs = new ArrayList<>();
    final List<Map<String, Object>> drives = new ArrayList<>();
    final List<Map<String, Object>> devices = new ArrayList<>();
    final Globals globals = new Globals();
    final List<Endpoint> monitors = new ArrayList<>();
    private final Map<String, Endpoint> chardevs = new LinkedHashMap<>();
    private final List<String> monitorChardevs = new ArrayList<>();
    private @Nullable String qtestChardev;

    private MachineOptions() {}

    /**
     * Reads a command line.
     *
     * @throws BlockException INVALID_OPTION for what makes no sense or is not there, by its name
     */
    static MachineOptions parse(final List<String> words) throws BlockException {
        final MachineOptions options = new MachineOptions();
        for (final Argument argument : MachineArguments.parse(words)) {
            try {
                options.take(argument);
            } catch (final TypeConversionException e) {
                throw argument.refusal(String.valueOf(e.getMessage()));
            }
        }
        for (final String id : options.monitorChardevs) {
            options.monitors.add(options.chardev("-mon", id));
        }
        if (options.qtestChardev != null) {
            options.qtest = options.chardev("-qtest", options.qtestChardev);
        }
        if (Endpoint.STDIO.equals(options.qtest)) {
            throw new BlockException(Kind.INVALID_OPTION, "-qtest stdio: qtest needs a socket");
        }
        if (Collections.frequency(options.monitors, Endpoint.STDIO) > 1) {
            throw new BlockException(Kind.INVALID_OPTION, "only one monitor can have standard input and output");
        }
        return options;
    }

    private Endpoint chardev(final String option, final String id) throws BlockException {
        final Endpoint endpoint = chardevs.get(id);
        if (endpoint == null) {
            throw new BlockException(Kind.INVALID_OPTION, option + ": there is no chardev '" + id + "'");
        }
        return endpoint;
    }

    private void take(final Argument argument) throws BlockException {
        final String value = argument.value();
        switch (argument.option()) {
            case MACHINE -> machine(value);
            case MEMORY -> memory(argument);
            case UUID -> uuid(argument);
            case NAME -> name(value);
            case BOOT -> boot = BootOptions.parse(value);
            case CDROM -> drives.add(Map.of("media", "cdrom", "index", DISC_PLACE, "file", value));
            case DRIVE -> drives.add(KeyValues.parse(value, null));
            case BLOCKDEV -> blockdevs.add(KeyValues.parse(value, "driver"));
            case DEVICE -> devices.add(KeyValues.parse(value, "driver"));
            case GLOBAL -> globals.add(argument);
            case QTEST -> qtest(value);
            case QTEST_LOG -> qtestLog = value;
            case CHARDEV -> chardev(value);
            case MON -> mon(value);
            case QMP -> monitors.add(Endpoint.parse(value));
            case ACCEL -> requireOnly(argument, "qtest");
            case DISPLAY -> requireOnly(argument, "none");
            case NO_DEFAULTS -> defaults = false;
            case STOPPED -> {} // there is no CPU that could run
        }
    }

    private void qtest(final String value) throws BlockException {
        final boolean named = value.startsWith(CHARDEV);
        qtestChardev = named ? value.substring(CHARDEV.length()) : null;
        qtest = named ? null : Endpoint.parse(value);
    }

    private static void requireOnly(final Argument argument, final String only) throws BlockException {
        if (!argument.value().equals(only)) {
            throw argument.refusal("only '" + only + "' is there");
        }
    }

    /* May come more than once: what one does not say, an earlier one or the default does. */
    private void machine(final String value) throws BlockException {
        final BlockdevOptions options = new BlockdevOptions(KeyValues.parse(value, "type"));
        final String chosen = options.text("type");
        if (chosen != null) {
            type = type(chosen);
        }
        final String accelerator = options.text("accel");
        if (accelerator != null && !accelerator.equals("qtest")) {
            throw new BlockException(Kind.INVALID_OPTION, "-machine: accel=" + accelerator + ": only 'qtest' is there");
        }
        quirks = options.flag("x-qemu-quirks", quirks);
        options.refuseUnread();
    }

    private static Type type(final String chosen) throws BlockException {
        return switch (chosen) {
            case "pc", "pc-i440fx-7.2" -> Type.PC;
            case "none" -> Type.NONE;
            default ->
                throw new BlockException(
                        Kind.INVALID_OPTION, "-machine: there is no machine '" + chosen + "', but pc and none");
        };
    }

    private void memory(final Argument argument) throws BlockException {
        final String given =
                String.valueOf(KeyValues.parse(argument.value(), "size").get("size"));
        final boolean plain = !given.isEmpty() && Character.isDigit(given.charAt(given.length() - 1));
        final BlockdevOptions size = new BlockdevOptions(Map.of("size", plain ? given + "M" : given));
        ramBytes = size.size("size", DEFAULT_RAM);
        if (ramBytes < LEAST_RAM || ramBytes > MOST_RAM || ramBytes % PAGE != 0) {
            throw argument.refusal("memory is 1M to 1T, in pages of 4 KiB");
        }
    }

    private void name(final String value) throws BlockException {
        final BlockdevOptions options = new BlockdevOptions(KeyValues.parse(value, "guest"));
        final String guest = options.text("guest");
        name = guest == null ? "" : guest;
    }

    private void uuid(final Argument argument) throws BlockException {
        try {
            uuid = UUID.fromString(argument.value());
        } catch (final IllegalArgumentException e) {
            throw argument.refusal("this is no UUID");
        }
    }

    private void chardev(final String value) throws BlockException {
        final BlockdevOptions options =
                new BlockdevOptions(KeyValues.parse(value.replaceAll(",nowait(?=,|$)", ",wait=off"), "backend"));
        final String backend = options.requiredText("backend");
        final String id = options.requiredText("id");
        final Endpoint endpoint = switch (backend) {
            case "socket" -> Endpoint.of(options);
            case "stdio" -> Endpoint.STDIO;
            default ->
                throw new BlockException(
                        Kind.INVALID_OPTION, "-chardev: only socket and stdio are there, not '" + backend + "'");
        };
        options.refuseUnread();
        if (chardevs.put(id, endpoint) != null) {
            throw new BlockException(Kind.INVALID_OPTION, "-chardev: the id '" + id + "' is taken");
        }
    }

    private void mon(final String value) throws BlockException {
        final BlockdevOptions options = new BlockdevOptions(KeyValues.parse(value, "chardev"));
        monitorChardevs.add(options.requiredText("chardev"));
        final String mode = options.text("mode");
        options.flag("pretty", false);
        options.refuseUnread();
        if (!"control".equals(mode)) {
            throw new BlockException(Kind.INVALID_OPTION, "-mon: only mode=control, which is QMP, is there");
        }
    }
}
