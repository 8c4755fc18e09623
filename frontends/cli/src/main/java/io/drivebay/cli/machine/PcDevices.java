package io.drivebay.cli.machine;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockdevOptions;
import io.drivebay.ide.device.Deviation;
import io.drivebay.sim.pc.PcMachine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The devices of a machine: makes them from properties in QEMU's spelling, knows them by their ids, and takes them away
 * again. A control thread.
 */
public final class PcDevices implements AutoCloseable {
    /** Makes a device and plugs it in; what it returns unplugs it and gives its backend back. */
    @FunctionalInterface
    interface Model {
        Unplug plug(PcDevices devices, String id, BlockBackend backend, BlockdevOptions properties)
                throws BlockException;
    }

    /** Takes a device away. */
    @FunctionalInterface
    interface Unplug {
        void run() throws BlockException;
    }

    /** Kinds of devices, by name. */
    static final SortedMap<String, Model> MODELS = Collections.unmodifiableSortedMap(new TreeMap<>(Map.of(
            "ide-hd", IdeDevices::disk,
            "ide-cd", IdeDevices::discDrive,
            "virtio-blk-device", VirtioDevices::mmio,
            "virtio-blk-pci", VirtioDevices::pci,
            "virtio-blk-pci-non-transitional", VirtioDevices::modernPci,
            "virtio-blk-pci-transitional", VirtioDevices::transitionalPci)));

    private final BlockLayer layer;
    private final IoContext context;
    private final PcMachine machine;
    private final Set<Deviation> deviations;
    private final Globals globals;
    private final Map<String, Unplug> plugged = new LinkedHashMap<>();
    private final IdePlaces ide;
    private int unnamed;

    PcDevices(
            final BlockLayer layer,
            final IoContext context,
            final PcMachine machine,
            final Set<Deviation> deviations,
            final Globals globals) {
        this.layer = layer;
        this.context = context;
        this.machine = machine;
        this.deviations = deviations;
        this.globals = globals;
        this.ide = new IdePlaces(machine);
    }

    PcMachine machine() {
        return machine;
    }

    BlockLayer layer() {
        return layer;
    }

    Set<Deviation> deviations() {
        return deviations;
    }

    IdePlaces ide() {
        return ide;
    }

    /**
     * Makes a device: {@code -device}, {@code device_add}.
     *
     * @param given {@code driver}, {@code drive}, perhaps {@code id}, and the properties of its kind
     * @throws BlockException INVALID_OPTION, NOT_FOUND, BAD_NAME, IN_USE or WRONG_STATE; then there is no device
     */
    public void add(final Map<String, ? extends Object> given) throws BlockException {
        final String driver = new BlockdevOptions(given).requiredText("driver");
        final Model model = MODELS.get(driver);
        if (model == null) {
            throw new BlockException(
                    Kind.INVALID_OPTION,
                    "'" + driver + "' is no device of this machine; there are " + String.join(", ", MODELS.keySet()));
        }
        final BlockdevOptions properties = new BlockdevOptions(globals.with(driver, given));
        properties.text("driver");
        properties.text("bootindex");
        final String givenId = properties.text("id");
        final String id = givenId != null ? givenId : nextName();
        if (plugged.containsKey(id)) {
            throw new BlockException(Kind.BAD_NAME, "a device '" + id + "' is there already");
        }
        final String drive = properties.text("drive");
        if (drive == null && !driver.equals("ide-cd")) {
            throw new BlockException(Kind.INVALID_OPTION, "device '" + driver + "' needs a drive");
        }
        plug(model, id, backend(drive), properties);
    }

    /** Makes the device that a {@code -drive} comes with; its name in messages is the drive's. */
    void addFor(final String driver, final BlockBackend backend, final Map<String, Object> place)
            throws BlockException {
        final Map<String, Object> all = new LinkedHashMap<>(place);
        all.put("driver", driver);
        all.put("drive", backend.name());
        all.put("id", backend.name());
        add(all);
    }

    private String nextName() {
        return "/machine/peripheral-anon/device[" + unnamed++ + "]";
    }

    /* With a reference, which the device's backend keeps while the device is there. */
    private BlockBackend backend(final @Nullable String drive) throws BlockException {
        final BlockBackend named = drive == null ? null : layer.backend(drive);
        if (named != null) {
            named.reference();
            return named;
        }
        final BlockBackend anonymous = layer.createBackend(context);
        final BlockNode node = drive == null ? null : layer.node(drive);
        if (drive != null && node == null) {
            anonymous.release();
            throw new BlockException(Kind.NOT_FOUND, "there is no drive or node '" + drive + "'");
        }
        if (node != null) {
            insert(anonymous, node);
        }
        return anonymous;
    }

    private void insert(final BlockBackend anonymous, final BlockNode node) throws BlockException {
        boolean inserted = false;
        try {
            layer.insertMedium(anonymous, node);
            inserted = true;
        } finally {
            if (!inserted) {
                anonymous.release();
            }
        }
    }

    private void plug(final Model model, final String id, final BlockBackend backend, final BlockdevOptions properties)
            throws BlockException {
        Unplug unplug = null;
        try {
            unplug = model.plug(this, id, backend, properties);
            properties.refuseUnread();
            plugged.put(id, unplug);
        } finally {
            if (unplug != null && !plugged.containsKey(id)) {
                unplug.run();
            }
            backend.release(); // the device, if there is one, has a reference of its own
        }
    }

    /**
     * Takes a device away: {@code device_del}.
     *
     * @throws BlockException NOT_FOUND
     */
    public void remove(final String id) throws BlockException {
        final Unplug unplug = plugged.remove(id);
        if (unplug == null) {
            throw new BlockException(Kind.NOT_FOUND, "there is no device '" + id + "'");
        }
        unplug.run();
    }

    /** Takes all devices away, the last one first. */
    @Override
    public void close() throws BlockException {
        final List<String> ids = new ArrayList<>(plugged.keySet());
        Collections.reverse(ids);
        for (final String id : ids) {
            remove(id);
        }
    }

    /** A drive goes with its device, as in QEMU. */
    void letGo(final BlockBackend backend) throws BlockException {
        final String name = backend.name();
        if (name != null) {
            layer.deleteDrive(name);
        }
    }
}
