package io.drivebay.monitor;

import io.drivebay.backend.RunState;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.monitor.MachinePort.ObjectType;
import io.drivebay.monitor.protocol.Arguments;
import io.drivebay.monitor.protocol.CommandTable;
import io.drivebay.monitor.protocol.Handler;
import io.drivebay.monitor.protocol.QmpException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Commands for the machine: its run state, its devices, what there is. */
final class MachineCommands {
    private final RunState runState;
    private final MachinePort machine;
    private final Monitor monitor;

    MachineCommands(final RunState runState, final MachinePort machine, final Monitor monitor) {
        this.runState = runState;
        this.machine = machine;
        this.monitor = monitor;
    }

    void addTo(final CommandTable table) {
        table.add("query-status", "", arguments -> status());
        table.add("query-name", "", arguments -> machine.name().isEmpty() ? Map.of() : Map.of("name", machine.name()));
        table.add("stop", "", arguments -> stop());
        table.add("cont", "", arguments -> resume());
        table.add("system_reset", "", arguments -> reset());
        monitor.onQuit(machine::quit);
        table.add("device_add", "driver:str id:str? bus:str? ...", this::addDevice);
        table.add("device_del", "id:str", this::deleteDevice);
        table.add("query-machines", "", arguments -> machineTypes());
        table.add("qom-list-types", "implements:str? abstract:bool?", this::objectTypes);
    }

    private Map<String, Object> status() {
        final String status = runState.status().name().toLowerCase(Locale.ROOT).replace('_', '-');
        return Map.of("status", status, "running", runState.running(), "singlestep", false);
    }

    private Object stop() {
        runState.stop(RunState.Status.PAUSED);
        return Handler.NOTHING;
    }

    private Object resume() {
        runState.resume();
        return Handler.NOTHING;
    }

    private Object reset() throws BlockException {
        machine.reset();
        monitor.wasReset("host-qmp-system-reset", false);
        return Handler.NOTHING;
    }

    private Object addDevice(final Arguments arguments) throws BlockException, QmpException {
        machine.addDevice(arguments.all());
        return Handler.NOTHING;
    }

    private Object deleteDevice(final Arguments arguments) throws BlockException, QmpException {
        final String id = arguments.text("id");
        try {
            machine.deleteDevice(id);
        } catch (final BlockException e) {
            if (e.kind() == BlockException.Kind.NOT_FOUND) {
                throw QmpException.deviceNotFound(id);
            }
            throw e;
        }
        return Handler.NOTHING;
    }

    private List<Map<String, Object>> machineTypes() {
        return machine.machineTypes().stream()
                .map(type -> {
                    final Map<String, Object> members = new LinkedHashMap<>();
                    members.put("name", type.name());
                    if (!type.alias().isEmpty()) {
                        members.put("alias", type.alias());
                    }
                    if (type.isDefault()) {
                        members.put("is-default", true);
                    }
                    members.put("cpu-max", type.maxCpus());
                    members.put("hotpluggable-cpus", false);
                    members.put("numa-mem-supported", false);
                    members.put("deprecated", false);
                    return members;
                })
                .toList();
    }

    /** Types that are the one given or kinds of it; abstract ones only when they are asked for. */
    private List<Map<String, Object>> objectTypes(final Arguments arguments) {
        final String implemented = arguments.optionalText("implements");
        final boolean withAbstract = arguments.flag("abstract", false);
        final Map<String, String> parents = new HashMap<>();
        machine.objectTypes().forEach(type -> parents.put(type.name(), type.parent()));
        return machine.objectTypes().stream()
                .filter(type -> withAbstract || !type.isAbstract())
                .filter(type -> implemented == null || isKindOf(type.name(), implemented, parents))
                .map(MachineCommands::describe)
                .toList();
    }

    private static boolean isKindOf(final String name, final String ancestor, final Map<String, String> parents) {
        String at = name;
        for (int steps = 0; at != null && steps <= parents.size(); steps++) {
            if (at.equals(ancestor)) {
                return true;
            }
            at = parents.get(at);
        }
        return false;
    }

    private static Map<String, Object> describe(final ObjectType type) {
        final Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", type.name());
        if (type.isAbstract()) {
            members.put("abstract", true);
        }
        if (!type.parent().isEmpty()) {
            members.put("parent", type.parent());
        }
        return members;
    }
}
