package io.drivebay.sim.kit;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.DriveAddress;
import io.drivebay.backend.MediaControl.ReadOnlyMode;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockedOperation;
import io.drivebay.backend.graph.OperationBlockers.Blocker;
import io.drivebay.backend.policy.ErrorPolicy.OnError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the host does with a drive: the monitor's commands. Each comes to "ok", or to what it was refused with:
 * "not-found", "wrong-state", "locked", "in-use", "io" and so on, the names of {@link BlockException.Kind}.
 */
public final class HostHand {
    private static final String OK = "ok";

    private final TestMachine machine;
    private final DriveAddress address;
    private final @Nullable BlockBackend backend;
    private final List<Blocker> blockers = new ArrayList<>();
    private final List<BlockLayer.Drain> drains = new ArrayList<>();
    private final List<BlockNode> filters = new ArrayList<>();
    private @Nullable String medium;
    private String lastRefusal = "";

    private HostHand(
            final TestMachine machine,
            final DriveAddress address,
            final @Nullable BlockBackend backend,
            final @Nullable String medium) {
        this.machine = machine;
        this.address = address;
        this.backend = backend;
        this.medium = medium;
    }

    static HostHand ofDevice(
            final TestMachine machine, final String id, final BlockBackend backend, final @Nullable String medium) {
        return new HostHand(machine, DriveAddress.ofDevice(id), backend, medium);
    }

    static HostHand ofBackend(
            final TestMachine machine, final String name, final BlockBackend backend, final @Nullable String medium) {
        return new HostHand(machine, DriveAddress.ofBackend(name), backend, medium);
    }

    static HostHand ofNothing(final TestMachine machine, final String name) {
        return new HostHand(machine, DriveAddress.ofDevice(name), null, null);
    }

    /** Options with a node's name. */
    static Map<String, Object> named(final Map<String, Object> options, final String name) {
        final Map<String, Object> more = new LinkedHashMap<>(options);
        more.put("node-name", name);
        return more;
    }

    private interface Action {
        void run() throws BlockException;
    }

    private String attempt(final String what, final Action action) {
        String outcome;
        try {
            action.run();
            lastRefusal = "";
            outcome = OK;
        } catch (final BlockException e) {
            lastRefusal = String.valueOf(e.getMessage());
            outcome = e.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        machine.note(
                "host  " + address + " " + what + " -> " + outcome + (lastRefusal.isEmpty() ? "" : ": " + lastRefusal));
        return outcome;
    }

    /** What the last command was refused with, in words; empty when it was not. */
    public String lastRefusal() {
        return lastRefusal;
    }

    private BlockBackend backend() {
        if (backend == null) {
            throw new IllegalArgumentException("there is no drive '" + address + "'");
        }
        return backend;
    }

    // ---- tray and medium ----

    /** blockdev-open-tray. */
    public String openTray(final boolean force) {
        return attempt("open-tray" + forced(force), () -> machine.control().openTray(address, force));
    }

    /** blockdev-close-tray. */
    public String closeTray() {
        return attempt("close-tray", () -> machine.control().closeTray(address));
    }

    /** blockdev-remove-medium. */
    public String removeMedium() {
        return attempt("remove", () -> {
            machine.control().removeMedium(address);
            medium = null;
        });
    }

    /** blockdev-insert-medium, of the node with the medium's name, which is added first if there is none. */
    public String insertMedium(final String name) {
        return attempt("insert " + name, () -> {
            if (machine.layer().node(name) == null) {
                machine.blockdevs().add(machine.context(), named(machine.shelf().options(name), name));
            }
            machine.control().insertMedium(address, name);
            medium = name;
        });
    }

    /** eject. */
    public String eject(final boolean force) {
        return attempt("eject" + forced(force), () -> {
            machine.control().eject(address, force);
            medium = null;
        });
    }

    /** blockdev-change-medium, to a medium that is opened for it. */
    public String change(final String name, final boolean force) {
        return attempt("change " + name + forced(force), () -> {
            machine.control().changeMedium(address, machine.shelf().options(name), ReadOnlyMode.RETAIN, force);
            medium = name;
        });
    }

    private static String forced(final boolean force) {
        return force ? " force" : "";
    }

    /** Tray, medium and lock, as query-block shows them: "closed A unlocked", "open empty locked". */
    public String state() {
        final BlockDevice device = backend().device();
        final String tray = device == null || !device.hasTray() ? "no-tray" : device.trayOpen() ? "open" : "closed";
        final String lock = device != null && device.mediumLocked() ? "locked" : "unlocked";
        return tray + " " + present() + " " + lock;
    }

    /** The medium's name: as the node that is there tells, or as it was put in. */
    private String present() {
        final BlockNode node = backend().medium();
        if (node == null) {
            return "empty";
        }
        final String stamped = machine.shelf().nameOf(node);
        return stamped != null ? stamped : String.valueOf(medium);
    }

    // ---- beside the tray ----

    /** Holds requests back until {@link #undrain}; may nest. */
    public String drain() {
        return attempt("drain", () -> drains.add(machine.layer().drain(backend())));
    }

    /** Ends the last drain. */
    public String undrain() {
        return attempt("undrain", () -> drains.remove(drains.size() - 1).close());
    }

    /** A job forbids an operation on the medium until {@link #unblock}. */
    public String block(final BlockedOperation operation) {
        return attempt("block " + operation.qapiName(), () -> {
            final BlockNode node = backend().medium();
            if (node == null) {
                throw new BlockException(BlockException.Kind.WRONG_STATE, "there is no medium for a job to work on");
            }
            blockers.add(node.blockers().block(operation, "a job needs the medium"));
        });
    }

    /** The jobs are done. */
    public String unblock() {
        return attempt("unblock", () -> {
            blockers.forEach(Blocker::close);
            blockers.clear();
        });
    }

    /** Puts a filter before whatever medium the drive has. */
    public String filter(final Map<String, Object> options) {
        return attempt("filter " + options, () -> {
            final BlockNode node = machine.blockdevs().addFilter(machine.context(), options);
            machine.layer().addFilter(backend(), node);
            filters.add(node);
        });
    }

    /** Takes the last filter away. */
    public String unfilter() {
        return attempt("unfilter", () -> machine.layer().removeFilter(backend(), filters.remove(filters.size() - 1)));
    }

    /** The medium gets longer or shorter, for a driver that can. */
    public String resize(final long bytes) {
        return attempt("resize " + bytes, () -> {
            final BlockNode node = backend().medium();
            if (node == null) {
                throw new BlockException(BlockException.Kind.WRONG_STATE, "there is no medium to resize");
            }
            machine.layer().resize(node, bytes);
        });
    }

    /** blockdev-del of the node with a medium's name. */
    public String deleteNode(final String name) {
        return attempt("delete-node " + name, () -> machine.layer().deleteNode(name));
    }

    /** What becomes of the drive's I/O errors: its rerror and werror; AUTO leaves one as it is. */
    public void errorPolicy(final OnError read, final OnError write) {
        backend().errors().policy(backend().errors().policy().overriddenBy(read, write));
    }

    /** The drive's storage since the machine last went on, as query-block shows it: "ok", "failed", "nospace". */
    public String ioStatus() {
        return backend().errors().status().name().toLowerCase(Locale.ROOT);
    }

    /** How many generations of media the drive has had, removals included. */
    public long generation() {
        return backend().generation();
    }
}
