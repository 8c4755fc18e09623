package io.drivebay.backend;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Whether the machine that uses a layer's disks runs. An I/O error may stop it ({@link IoErrors}), and so may a person;
 * whoever can make it go on again says so by {@link #stoppable}.
 *
 * <p>Any thread. Changes take turns; devices are told in their contexts, after the listeners have been told.
 */
public final class RunState {
    /** QAPI's RunState, as far as there is one here. */
    public enum Status {
        RUNNING,
        /** Not started yet. */
        PRELAUNCH,
        /** Stopped by a command. */
        PAUSED,
        /** Stopped by an I/O error. */
        IO_ERROR,
        /** Over. */
        SHUTDOWN
    }

    /** Is told of changes. */
    @FunctionalInterface
    public interface Listener {
        /** The machine has stopped, or goes on. Any thread; must neither block nor change the run state. */
        void runStateChanged(Status before, Status now);
    }

    private final List<BlockBackend> backends;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Status status = Status.RUNNING;
    private volatile boolean stoppable;

    RunState(final List<BlockBackend> backends) {
        this.backends = backends;
    }

    public Status status() {
        return status;
    }

    public boolean running() {
        return status == Status.RUNNING;
    }

    /** True when I/O errors may stop the machine. */
    public boolean stoppable() {
        return stoppable;
    }

    /**
     * Says whether somebody can make the machine go on when an I/O error has stopped it; at first nobody can, and errors
     * that would stop it are reported to the guest.
     */
    public void stoppable(final boolean somebodyCanContinue) {
        stoppable = somebodyCanContinue;
    }

    /** Adds somebody to be told of changes. */
    public void addListener(final Listener listener) {
        listeners.add(listener);
    }

    /** Takes back {@link #addListener}. */
    public void removeListener(final Listener listener) {
        listeners.remove(listener);
    }

    /** Stops the machine; one that has stopped stays as it is. */
    public synchronized void stop(final Status why) {
        if (running()) {
            change(why);
        }
    }

    /**
     * Lets the machine go on: every backend's I/O status is OK again, and what devices have kept is tried once more, in
     * the order in which the guest asked for it, before anything new.
     */
    public synchronized void resume() {
        backends.forEach(backend -> backend.errors().resetStatus());
        if (!running()) {
            change(Status.RUNNING);
        }
    }

    private void change(final Status now) {
        final Status before = status;
        status = now;
        listeners.forEach(listener -> listener.runStateChanged(before, now));
        for (final BlockBackend backend : backends) {
            if (backend.device() != null) {
                backend.context().execute(backend::tellRunState);
            }
        }
    }
}
