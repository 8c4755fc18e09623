package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import io.drivebay.backend.graph.BlockNode;
import org.jspecify.annotations.Nullable;

/** The tray of a backend's device, if it has one, as the monitor moves it. Under the graph lock. */
final class Tray {
    private final BlockLayer layer;
    private final BlockBackend backend;
    private final @Nullable BlockDevice device;

    /** The tray of a backend's device; one that is always open for a device without, or no device. */
    Tray(final BlockBackend backend) {
        this.layer = backend.layer();
        this.backend = backend;
        final BlockDevice attached = backend.device();
        this.device = attached != null && attached.hasTray() ? attached : null;
    }

    /** False when the guest has locked the tray and there is no force; then the guest is asked to let go. */
    boolean mayOpen(final boolean force) {
        if (device == null || device.trayOpen()) {
            return true;
        }
        if (device.mediumLocked()) {
            device.ejectRequested(force);
            return force;
        }
        return true;
    }

    /** Opens the tray; false when it stays closed because the guest has locked it. */
    boolean open(final boolean force) throws BlockException {
        final boolean may = mayOpen(force);
        if (may) {
            move(true);
        }
        return may;
    }

    void close() throws BlockException {
        move(false);
    }

    /**
     * Opens and closes the tray around a medium that has been changed.
     *
     * @param old what is put back when the new medium cannot be loaded
     */
    void cycle(final @Nullable BlockNode old) throws BlockException {
        boolean loaded = false;
        try {
            move(true);
            move(false);
            loaded = true;
        } finally {
            if (!loaded) {
                putBack(old);
            }
        }
    }

    private void putBack(final @Nullable BlockNode old) throws BlockException {
        if (old == null) {
            layer.removeMedium(backend);
        } else {
            layer.changeMedium(backend, old);
            move(false);
        }
    }

    /* A tray that is where it should be makes no event. */
    private void move(final boolean open) throws BlockException {
        if (device == null || device.trayOpen() == open) {
            return;
        }
        device.moveTray(open);
        if (device.trayOpen() == open) {
            layer.listeners().trayMoved(backend, device.id(), open);
        }
    }

    void refuseIfClosed() throws BlockException {
        if (device != null && !device.trayOpen()) {
            throw new BlockException(Kind.WRONG_STATE, "the tray of device '" + device.id() + "' is not open");
        }
    }

    BlockException locked() {
        final String id = device == null ? "" : device.id();
        return new BlockException(
                Kind.LOCKED,
                "device '" + id + "' is locked and force was not specified, wait for tray to open and try again");
    }
}
