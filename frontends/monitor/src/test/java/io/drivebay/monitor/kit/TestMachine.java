package io.drivebay.monitor.kit;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.monitor.MachinePort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A machine that writes down what it is asked. */
public final class TestMachine implements MachinePort {
    public final List<String> log = new ArrayList<>();
    public String name = "";

    @Override
    public String name() {
        return name;
    }

    @Override
    public void addDrive(final String options) throws BlockException {
        if (!options.contains("id=")) {
            throw new BlockException(Kind.INVALID_OPTION, "a drive needs an id");
        }
        log.add("drive " + options);
    }

    @Override
    public void addDevice(final Map<String, Object> properties) throws BlockException {
        log.add("device " + properties);
    }

    @Override
    public void deleteDevice(final String id) throws BlockException {
        if (id.equals("nobody")) {
            throw new BlockException(Kind.NOT_FOUND, "there is no device '" + id + "'");
        }
        if (id.equals("soldered")) {
            throw new BlockException(Kind.WRONG_STATE, "device 'soldered' cannot be unplugged");
        }
        log.add("delete " + id);
    }

    @Override
    public void reset() {
        log.add("reset");
    }

    @Override
    public void quit() {
        log.add("quit");
    }

    @Override
    public List<MachineType> machineTypes() {
        return List.of(new MachineType("pc-i440fx-7.2", "pc", true, 1), new MachineType("none", "", false, 1));
    }

    @Override
    public List<ObjectType> objectTypes() {
        return List.of(
                new ObjectType("object", "", true),
                new ObjectType("device", "object", true),
                new ObjectType("ide-cd", "device", false),
                new ObjectType("throttle-group", "object", false));
    }
}
