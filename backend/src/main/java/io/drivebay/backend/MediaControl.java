package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.BlockedOperation;
import java.util.Map;

/**
 * The monitor's commands for trays and media: what QMP calls blockdev-open-tray, eject and so on.
 *
 * <p>There are three kinds of devices: fixed ones, removable ones with a tray, and removable ones without; a backend
 * without a device counts as the last. Events reach the layer's listeners before a command returns. A control thread.
 */
public final class MediaControl {
    private final BlockLayer layer;
    private final Blockdevs blockdevs;

    public MediaControl(final BlockLayer layer, final Blockdevs blockdevs) {
        this.layer = layer;
        this.blockdevs = blockdevs;
    }

    /** What change-medium makes of the read-only option: QAPI's BlockdevChangeReadOnlyMode. */
    public enum ReadOnlyMode {
        /** As the medium before. */
        RETAIN,
        READ_ONLY,
        READ_WRITE
    }

    /**
     * Opens the tray. A locked one stays closed unless forced: the guest is asked to let the medium go. Without a tray, or
     * with an open one, there is nothing to do.
     *
     * @throws BlockException NOT_FOUND; WRONG_STATE for a fixed device
     */
    public void openTray(final DriveAddress drive, final boolean force) throws BlockException {
        layer.lock().locked(() -> new Tray(removable(drive)).open(force));
    }

    /**
     * Closes the tray with whatever is in it.
     *
     * @throws BlockException NOT_FOUND; WRONG_STATE for a fixed device; what the device says when it cannot load the
     *     medium
     */
    public void closeTray(final DriveAddress drive) throws BlockException {
        layer.lock().locked(() -> new Tray(removable(drive)).close());
    }

    /**
     * Takes the medium out of an open tray, or of a device without one; from an empty one nothing.
     *
     * @throws BlockException NOT_FOUND; WRONG_STATE for a fixed device or a closed tray; IN_USE when a job forbids it
     */
    public void removeMedium(final DriveAddress drive) throws BlockException {
        layer.lock().locked(() -> remove(removable(drive)));
    }

    /**
     * Puts a node into an open tray, or into a device without one.
     *
     * @throws BlockException NOT_FOUND; WRONG_STATE for a fixed device, a closed tray, a medium that is there; IN_USE for a
     *     node that another backend has
     */
    public void insertMedium(final DriveAddress drive, final String nodeName) throws BlockException {
        layer.lock().locked(() -> {
            final BlockBackend backend = removable(drive);
            final BlockNode node = layer.node(nodeName);
            if (node == null) {
                throw new BlockException(Kind.NOT_FOUND, "there is no node '" + nodeName + "'");
            }
            for (final BlockBackend other : layer.backends()) {
                if (other.medium() == node) {
                    throw new BlockException(
                            Kind.IN_USE, node.describe() + " is already in use by " + other.describe());
                }
            }
            new Tray(backend).refuseIfClosed();
            layer.insertMedium(backend, node);
        });
    }

    /**
     * Opens the tray and takes the medium out.
     *
     * @throws BlockException as {@link #removeMedium}; LOCKED when the guest has locked the tray and there is no force:
     *     then the guest has been asked to let the medium go
     */
    public void eject(final DriveAddress drive, final boolean force) throws BlockException {
        layer.lock().locked(() -> {
            final BlockBackend backend = removable(drive);
            final Tray tray = new Tray(backend);
            if (!tray.open(force)) {
                throw tray.locked();
            }
            remove(backend);
        });
    }

    /**
     * Opens a new medium and puts it in the place of the old one; the tray opens and closes. The new medium has the old
     * one's options for read-only, cache, discard and zeros unless its own say otherwise; the backend's filters stay. When
     * anything fails, the old medium is where it was and nothing has moved.
     *
     * @param medium options of the new medium, as {@link Blockdevs#add} takes them
     * @throws BlockException what opening it throws; LOCKED as {@link #eject}; IN_USE, WRONG_STATE
     */
    public void changeMedium(
            final DriveAddress drive,
            final Map<String, ? extends Object> medium,
            final ReadOnlyMode mode,
            final boolean force)
            throws BlockException {
        layer.lock().locked(() -> {
            final BlockBackend backend = removable(drive);
            final BlockNode node =
                    blockdevs.add(backend.context(), RetainedOptions.complete(medium, backend.retainedOptions(), mode));
            try {
                change(backend, node, force);
            } finally {
                layer.disown(node); // in the drive it lives on
            }
        });
    }

    private void change(final BlockBackend backend, final BlockNode node, final boolean force) throws BlockException {
        final Tray tray = new Tray(backend);
        if (!tray.mayOpen(force)) {
            throw tray.locked();
        }
        refuseIfBlocked(backend, BlockedOperation.CHANGE);
        final BlockNode old = backend.medium();
        if (old != null) {
            old.reference();
        }
        final BlockLayer.Drain drain = layer.drainEmptying(backend);
        try {
            layer.changeMedium(backend, node);
            tray.cycle(old);
        } finally {
            drain.close();
            if (old != null) {
                layer.release(old);
            }
        }
    }

    // ---- the commands' common parts; under the graph lock ----

    private BlockBackend removable(final DriveAddress drive) throws BlockException {
        final BlockBackend backend = drive.find(layer);
        final BlockDevice device = backend.device();
        if (device != null && !device.removable()) {
            throw new BlockException(Kind.WRONG_STATE, "device '" + drive + "' is not removable");
        }
        return backend;
    }

    private void remove(final BlockBackend backend) throws BlockException {
        new Tray(backend).refuseIfClosed();
        if (backend.medium() != null) {
            refuseIfBlocked(backend, BlockedOperation.EJECT);
            layer.removeMedium(backend);
        }
    }

    private static void refuseIfBlocked(final BlockBackend backend, final BlockedOperation operation)
            throws BlockException {
        final BlockNode medium = backend.medium();
        if (medium != null) {
            medium.blockers().check(operation);
        }
    }
}
