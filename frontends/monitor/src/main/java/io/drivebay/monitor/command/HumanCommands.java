package io.drivebay.monitor.command;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.monitor.protocol.Arguments;
import io.drivebay.monitor.protocol.CommandTable;
import io.drivebay.monitor.protocol.QmpException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The few commands of QEMU's human monitor that scripts cannot do without: {@code human-monitor-command} with
 * {@code qemu-io}, {@code drive_add}, {@code drive_del}, {@code info block} and {@code info version}; {@code help} and
 * {@code info} list them, which is how {@code qmp-shell -H} learns what it can complete. What goes wrong is text too.
 */
public final class HumanCommands {
    /** Makes a drive of the options of {@code drive_add}. */
    @FunctionalInterface
    public interface DriveMaker {
        void add(String options) throws BlockException;
    }

    /** Carries a command out; its answer in lines. */
    @FunctionalInterface
    private interface Action {
        String run(List<String> words) throws BlockException, QmpException;
    }

    /** A command: what stands behind its name, and what it does, in the words of {@code help}. */
    private record Human(String parameters, String help, Action action) {}

    private final BlockLayer layer;
    private final DriveMaker drives;
    private final String version;
    private final QemuIo io = new QemuIo();
    private final Map<String, Human> commands = new TreeMap<>();
    private final Map<String, Human> subjects = new TreeMap<>();

    /**
     * Commands on a layer.
     *
     * @param version what {@code info version} says
     */
    public HumanCommands(final BlockLayer layer, final DriveMaker drives, final String version) {
        this.layer = layer;
        this.drives = drives;
        this.version = version;
        // spotless:off
        commands.put("drive_add", new Human("0 if=none,id=NAME,...", "make a drive without a device", this::addDrive));
        commands.put("drive_del", new Human("NAME", "delete a drive or a node", this::deleteDrive));
        commands.put("help",      new Human("[COMMAND]", "show what there is", this::help));
        commands.put("info",      new Human("[SUBJECT]", "show how things are", this::info));
        commands.put("qemu-io",   new Human("[-d] DRIVE \"COMMAND\"", "read, write or flush a disk", this::qemuIo));
        subjects.put("block",     new Human("[NAME]", "show disks", this::infoBlock));
        subjects.put("version",   new Human("", "show the version of QEMU that this is like, and its own", this::infoVersion));
        // spotless:on
    }

    public void addTo(final CommandTable table) {
        table.add("human-monitor-command", "command-line:str cpu-index:int?", this::run);
    }

    private String run(final Arguments arguments) {
        final List<String> words = Words.of(arguments.text("command-line"));
        if (words.isEmpty()) {
            return "";
        }
        final Human command = commands.get(words.get(0));
        String answer;
        if (command == null) {
            answer = "unknown command: '" + words.get(0) + "'\n";
        } else {
            try {
                answer = command.action().run(words.subList(1, words.size()));
            } catch (final BlockException | QmpException e) {
                answer = "Error: " + e.getMessage() + "\n";
            }
        }
        return answer.replace("\n", "\r\n");
    }

    // ---- what there is ----

    private static String line(final String name, final Human command) {
        final String parameters = command.parameters();
        return name + (parameters.isEmpty() ? "" : " " + parameters) + " -- " + command.help() + "\n";
    }

    private static String all(final String prefix, final Map<String, Human> table) {
        final StringBuilder lines = new StringBuilder();
        table.forEach((name, command) -> lines.append(line(prefix + name, command)));
        return lines.toString();
    }

    private String help(final List<String> words) {
        final Human command = words.isEmpty() ? null : commands.get(words.get(0));
        if (command == null) {
            return words.isEmpty() ? all("", commands) : "unknown command: '" + words.get(0) + "'\n";
        }
        return words.get(0).equals("info") ? all("info ", subjects) : line(words.get(0), command);
    }

    private String info(final List<String> words) throws BlockException, QmpException {
        if (words.isEmpty()) {
            return all("info ", subjects);
        }
        final Human subject = subjects.get(words.get(0));
        return subject == null
                ? "unknown command: 'info " + words.get(0) + "'\n"
                : subject.action().run(words.subList(1, words.size()));
    }

    private String infoVersion(final List<String> words) {
        return version + "\n";
    }

    private String infoBlock(final List<String> words) throws QmpException {
        if (words.size() > 1) {
            throw usage("info block [NAME]");
        }
        return InfoBlock.of(layer, words.isEmpty() ? null : words.get(0));
    }

    // ---- drives ----

    private static QmpException usage(final String usage) {
        return new QmpException("usage: " + usage);
    }

    /** drive_add [-n] bus-and-slot options: the address is of use to nobody and only has to be there. */
    private String addDrive(final List<String> words) throws BlockException, QmpException {
        if (words.size() != 2) {
            throw usage("drive_add 0 if=none,id=NAME,...");
        }
        drives.add(words.get(1));
        return "OK\n";
    }

    private String deleteDrive(final List<String> words) throws BlockException, QmpException {
        if (words.size() != 1) {
            throw usage("drive_del NAME");
        }
        final String name = words.get(0);
        if (layer.backend(name) == null && layer.node(name) == null) {
            throw new QmpException("Device '" + name + "' not found");
        }
        layer.deleteDrive(name);
        return "";
    }

    /** qemu-io [-d] drive command: a backend's name or, with -d, a device's id; or a node's name. */
    private String qemuIo(final List<String> words) throws BlockException, QmpException {
        final boolean byDevice = !words.isEmpty() && words.get(0).equals("-d");
        final List<String> rest = byDevice ? words.subList(1, words.size()) : words;
        if (rest.size() < 2) {
            throw usage("qemu-io [-d] DRIVE \"COMMAND\"");
        }
        final String name = rest.get(0);
        final List<String> command = Words.of(String.join(" ", rest.subList(1, rest.size())));
        final BlockBackend backend = byDevice ? Lookup.backend(layer, Lookup.ofDevice(name)) : layer.backend(name);
        if (backend != null) {
            return QemuIoBreaks.knows(command)
                    ? QemuIoBreaks.run(Lookup.medium(backend), command)
                    : io.run(backend, command);
        }
        final BlockNode node = layer.node(name);
        if (node == null) {
            throw new QmpException("Device '" + name + "' not found");
        }
        return QemuIoBreaks.knows(command) ? QemuIoBreaks.run(node, command) : onNode(node, command);
    }

    private String onNode(final BlockNode node, final List<String> command) throws BlockException, QmpException {
        final BlockBackend own = layer.createBackend(node.domain().context());
        try {
            QemuIo.takePermissions(own, node.readOnly());
            layer.insertMedium(own, node);
            return io.runToTheEnd(own, command);
        } finally {
            if (own.device() != null) {
                own.detachDevice();
            }
            own.release();
        }
    }
}
