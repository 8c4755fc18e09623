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

/**
 * The few commands of QEMU's human monitor that scripts cannot do without: {@code human-monitor-command} with
 * {@code qemu-io}, {@code drive_add}, {@code drive_del} and {@code info block}. What goes wrong is text too.
 */
public final class HumanCommands {
    /** Makes a drive of the options of {@code drive_add}. */
    @FunctionalInterface
    public interface DriveMaker {
        void add(String options) throws BlockException;
    }

    /** One command; its answer in lines. */
    @FunctionalInterface
    private interface Human {
        String run(List<String> words) throws BlockException, QmpException;
    }

    private final BlockLayer layer;
    private final DriveMaker drives;
    private final QemuIo io = new QemuIo();
    private final Map<String, Human> commands = Map.of(
            "qemu-io", this::qemuIo, "drive_add", this::addDrive, "drive_del", this::deleteDrive, "info", this::info);

    public HumanCommands(final BlockLayer layer, final DriveMaker drives) {
        this.layer = layer;
        this.drives = drives;
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
                answer = command.run(words.subList(1, words.size()));
            } catch (final BlockException | QmpException e) {
                answer = "Error: " + e.getMessage() + "\n";
            }
        }
        return answer.replace("\n", "\r\n");
    }

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
            return io.run(backend, command);
        }
        final BlockNode node = layer.node(name);
        if (node == null) {
            throw new QmpException("Device '" + name + "' not found");
        }
        return onNode(node, command);
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

    private String info(final List<String> words) throws QmpException {
        if (words.isEmpty() || !words.get(0).equals("block") || words.size() > 2) {
            throw usage("info block [NAME]");
        }
        return InfoBlock.of(layer, words.size() == 2 ? words.get(1) : null);
    }
}
