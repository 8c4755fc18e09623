package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import java.util.ArrayList;
import java.util.List;

/** A device that logs what it is told; fixed unless made removable, with or without a tray. */
final class TestDevice implements BlockDevice {
    final List<String> log = new ArrayList<>();

    private final String id;
    private boolean removable;
    private boolean tray;
    private boolean open;
    private boolean locked;
    private boolean refusesMedia;
    private int refusedLoads;
    private Runnable onDrainBegin = () -> {};

    TestDevice(final String id) {
        this.id = id;
    }

    TestDevice asRemovable() {
        removable = true;
        return this;
    }

    TestDevice withTray() {
        removable = true;
        tray = true;
        return this;
    }

    TestDevice lock(final boolean isLocked) {
        locked = isLocked;
        return this;
    }

    TestDevice refusingMedia() {
        refusesMedia = true;
        return this;
    }

    /** The next attempts to close the tray fail. */
    TestDevice refusingLoads(final int count) {
        refusedLoads = count;
        return this;
    }

    TestDevice onDrainBegin(final Runnable action) {
        onDrainBegin = action;
        return this;
    }

    /** The guest moves the tray by itself. */
    void guestMovesTray(final BlockBackend backend, final boolean toOpen) {
        open = toOpen;
        backend.trayMoved(toOpen);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean removable() {
        return removable;
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
    public void checkMedium(final MediumProperties medium) throws BlockException {
        if (refusesMedia) {
            throw new BlockException(Kind.WRONG_STATE, "device '" + id + "' cannot take this medium");
        }
    }

    @Override
    public void mediumChanged(final boolean loaded) {
        log.add(loaded ? "loaded" : "unloaded");
    }

    @Override
    public void ejectRequested(final boolean force) {
        log.add(force ? "eject forced" : "eject requested");
        if (force) {
            locked = false;
        }
    }

    @Override
    public void moveTray(final boolean toOpen) throws BlockException {
        if (!toOpen && refusedLoads > 0) {
            refusedLoads--;
            throw new BlockException(Kind.IO, "device '" + id + "' cannot load the medium");
        }
        open = toOpen;
        log.add(toOpen ? "tray opens" : "tray closes");
    }

    @Override
    public void resized() {
        log.add("resized");
    }

    @Override
    public void runStateChanged(final boolean running) {
        log.add(running ? "machine runs" : "machine stopped");
    }

    @Override
    public void drainBegin() {
        log.add("drain begins");
        onDrainBegin.run();
    }

    @Override
    public void drainEnd() {
        log.add("drain ends");
    }
}
