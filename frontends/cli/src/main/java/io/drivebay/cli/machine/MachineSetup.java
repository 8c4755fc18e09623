package io.drivebay.cli.machine;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.cli.options.KeyValues;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.TypeConversionException;

/** Builds what a command line asks for: nodes, then drives, then devices, then what a PC has unless told otherwise. */
final class MachineSetup {
    /** Devices after which a PC gets no CD drive of its own. */
    private static final Set<String> REPLACE_DEFAULT_DISC = Set.of("ide-hd", "ide-cd");

    private static final int DEFAULT_DISC = 2;

    private final BlockLayer layer;
    private final Blockdevs blockdevs;
    private final IoContext context;
    private final MachineOptions options;
    private int nextVirtio;
    private int nextNameless;

    MachineSetup(final BlockLayer layer, final IoContext context, final MachineOptions options) {
        this.layer = layer;
        this.blockdevs = new Blockdevs(layer);
        this.context = context;
        this.options = options;
    }

    Blockdevs blockdevs() {
        return blockdevs;
    }

    /**
     * Adds nodes and drives of a machine without devices.
     *
     * @throws BlockException when one is refused
     */
    void addBackendsOnly() throws BlockException {
        for (final Map<String, Object> blockdev : options.blockdevs) {
            blockdevs.add(context, blockdev);
        }
        for (final Map<String, Object> given : options.drives) {
            final DriveArgument drive = DriveArgument.of(given);
            if (drive.where() != DriveArgument.Interface.NONE) {
                throw new BlockException(Kind.INVALID_OPTION, "-drive: this machine has no bus; say if=none");
            }
            addBackend(drive, "none" + nextNameless++);
        }
        if (!options.devices.isEmpty()) {
            throw new BlockException(Kind.INVALID_OPTION, "-device: this machine has no bus");
        }
    }

    /**
     * Adds everything to a PC.
     *
     * @throws BlockException when something is refused
     */
    void addAll(final PcDevices devices) throws BlockException {
        for (final Map<String, Object> blockdev : options.blockdevs) {
            blockdevs.add(context, blockdev);
        }
        for (final Map<String, Object> given : options.drives) {
            add(devices, DriveArgument.of(given));
        }
        for (final Map<String, Object> device : options.devices) {
            devices.add(device);
        }
        if (options.defaults && wantsDefaultDisc() && !devices.ide().taken(DEFAULT_DISC)) {
            add(devices, DriveArgument.of(Map.of("media", "cdrom", "index", DEFAULT_DISC)));
        }
    }

    private boolean wantsDefaultDisc() {
        return options.devices.stream().noneMatch(device -> REPLACE_DEFAULT_DISC.contains(device.get("driver")));
    }

    /**
     * Makes a drive without a device: {@code drive_add}.
     *
     * @param text as {@code -drive} takes it; if=none
     * @throws BlockException INVALID_OPTION, BAD_NAME, IN_USE, IO
     */
    void addDrive(final String text) throws BlockException {
        final DriveArgument drive = DriveArgument.of(keyValues(text));
        if (drive.where() != DriveArgument.Interface.NONE) {
            throw new BlockException(Kind.INVALID_OPTION, "a drive that is added later goes to no bus: say if=none");
        }
        addBackend(drive, "none" + nextNameless++);
    }

    private static Map<String, Object> keyValues(final String text) throws BlockException {
        try {
            return KeyValues.parse(text, null);
        } catch (final TypeConversionException e) {
            throw new BlockException(Kind.INVALID_OPTION, String.valueOf(e.getMessage()), e);
        }
    }

    private void add(final PcDevices devices, final DriveArgument drive) throws BlockException {
        switch (drive.where()) {
            case NONE -> addBackend(drive, "none" + nextNameless++);
            case VIRTIO -> {
                final int place = drive.place() < 0 ? nextVirtio++ : drive.place();
                devices.addFor("virtio-blk-pci", addBackend(drive, "virtio" + place), Map.of());
            }
            case IDE -> addIde(devices, drive);
        }
    }

    private void addIde(final PcDevices devices, final DriveArgument drive) throws BlockException {
        int place = drive.place();
        for (int i = 0; i < IdePlaces.COUNT && place < 0; i++) {
            place = devices.ide().taken(i) ? -1 : i;
        }
        if (place < 0 || place >= IdePlaces.COUNT || devices.ide().taken(place)) {
            throw new BlockException(
                    Kind.IN_USE,
                    "-drive: IDE has four places, and " + (place < 0 ? "all" : place) + " is taken or absent");
        }
        final int bus = place / IdePlaces.UNITS;
        final int unit = place % IdePlaces.UNITS;
        final String name = "ide" + bus + (drive.disc() ? "-cd" : "-hd") + unit;
        final String driver = drive.disc() ? "ide-cd" : "ide-hd";
        devices.addFor(driver, addBackend(drive, name), Map.of("bus", "ide." + bus, "unit", unit));
    }

    private BlockBackend addBackend(final DriveArgument drive, final String usualName) throws BlockException {
        final BlockNode medium = drive.medium() == null ? null : blockdevs.add(context, drive.medium());
        final String id = drive.id();
        final BlockBackend backend = layer.addDrive(id != null ? id : usualName, context, medium);
        ErrorPolicies.apply(backend, new BlockdevOptions(drive.policies()));
        if (!drive.throttling().isEmpty()) {
            final Map<String, Object> filter = new LinkedHashMap<>(drive.throttling());
            filter.put("driver", "throttle");
            layer.addFilter(backend, blockdevs.addFilter(context, filter));
        }
        return backend;
    }
}
