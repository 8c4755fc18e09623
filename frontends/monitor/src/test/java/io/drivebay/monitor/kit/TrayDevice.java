package io.drivebay.monitor.kit;

import io.drivebay.backend.BlockDevice;

/** A CD drive as far as a monitor can tell; or a fixed disk. */
public final class TrayDevice implements BlockDevice {
    public volatile boolean open;
    public volatile boolean locked;

    private final String id;
    private final boolean tray;

    public TrayDevice(final String id, final boolean tray) {
        this.id = id;
        this.tray = tray;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean removable() {
        return tray;
    }

    @Override
    public boolean hasTray() {
        return tray;
    }

    @Override
    public boolean trayOpen() {
        return open;
    }

    @Override
    public boolean mediumLocked() {
        return locked;
    }

    @Override
    public void ejectRequested(final boolean force) {
        locked &= !force;
    }

    @Override
    public void moveTray(final boolean toOpen) {
        open = toOpen;
    }
}
