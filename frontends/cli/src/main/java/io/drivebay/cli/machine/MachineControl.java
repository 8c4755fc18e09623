package io.drivebay.cli.machine;

import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.cli.host.Termination;
import io.drivebay.monitor.MachinePort;
import io.drivebay.monitor.Monitor;
import io.drivebay.sim.pc.Board;
import io.drivebay.sim.pc.PcMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The machine as a monitor controls it. */
final class MachineControl implements MachinePort {
    /** Parts that cannot be plugged, and what kinds of objects all are. */
    private static final List<ObjectType> FIXED_TYPES = List.of(
            new ObjectType("object", "", true),
            new ObjectType("device", "object", true),
            new ObjectType("sys-bus-device", "device", true),
            new ObjectType("pci-device", "device", true),
            new ObjectType("ide-device", "device", true),
            new ObjectType("virtio-device", "device", true),
            new ObjectType("i440FX-pcihost", "sys-bus-device", false),
            new ObjectType("fw_cfg_io", "sys-bus-device", false),
            new ObjectType("virtio-mmio", "sys-bus-device", false),
            new ObjectType("i440FX", "pci-device", false),
            new ObjectType("PIIX3", "pci-device", false),
            new ObjectType("piix3-ide", "pci-device", false));

    private final String name;
    private final MachineSetup setup;
    private final @Nullable PcMachine machine;
    private final @Nullable PcDevices devices;
    private final Termination termination;
    private @Nullable Monitor monitor;

    MachineControl(
            final String name,
            final MachineSetup setup,
            final @Nullable PcMachine machine,
            final @Nullable PcDevices devices,
            final Termination termination) {
        this.name = name;
        this.setup = setup;
        this.machine = machine;
        this.devices = devices;
        this.termination = termination;
    }

    /** What of the machine is reached from outside. */
    Board board() {
        return machine == null ? Board.EMPTY : machine;
    }

    /** Makes nodes. */
    Blockdevs blockdevs() {
        return setup.blockdevs();
    }

    /** Who is told of devices that are gone. */
    void monitor(final Monitor its) {
        monitor = its;
    }

    private PcDevices devices() throws BlockException {
        if (devices == null) {
            throw new BlockException(Kind.NOT_FOUND, "this machine has no bus");
        }
        return devices;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void addDrive(final String options) throws BlockException {
        setup.addDrive(options);
    }

    @Override
    public void addDevice(final Map<String, Object> properties) throws BlockException {
        devices().add(properties);
    }

    @Override
    public void deleteDevice(final String id) throws BlockException {
        devices().remove(id);
        if (monitor != null) {
            monitor.deviceDeleted(id);
        }
    }

    @Override
    public void reset() {
        if (machine != null) {
            machine.reset();
        }
    }

    @Override
    public void quit() {
        termination.ask();
    }

    @Override
    public List<MachineType> machineTypes() {
        return List.of(new MachineType("pc-i440fx-7.2", "pc", true, 1), new MachineType("none", "", false, 1));
    }

    @Override
    public List<ObjectType> objectTypes() {
        final List<ObjectType> types = new ArrayList<>(FIXED_TYPES);
        PcDevices.MODELS.forEach((name, model) -> types.add(new ObjectType(name, parentOf(name), false)));
        return types;
    }

    private static String parentOf(final String name) {
        if (name.startsWith("ide-")) {
            return "ide-device";
        }
        return name.contains("-pci") ? "pci-device" : "virtio-device";
    }
}
