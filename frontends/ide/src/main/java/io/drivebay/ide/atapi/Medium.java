package io.drivebay.ide.atapi;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockDevice;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.Permission;
import io.drivebay.ide.device.Deviation;
import io.drivebay.ide.device.DriveCore;
import io.drivebay.ide.media.MediaEffect;
import io.drivebay.ide.media.MediaEvents;
import io.drivebay.ide.media.MediaEvents.Event;
import io.drivebay.ide.media.MediaInput;
import io.drivebay.ide.media.MediaMachine;
import io.drivebay.ide.media.MediaState;
import io.drivebay.ide.media.TransitionTrace;
import java.util.Set;

/**
 * The drive as its backend sees it: a tray, a lock, and a medium that comes and goes. Keeps what the guest has yet to be
 * told: unit attentions and events.
 *
 * <p>The backend's calls come on its context's or on a control thread and take the channel's lock.
 */
final class Medium implements BlockDevice {
    private final DriveCore core;
    private final DriveSettings settings;
    private final MediaMachine machine;
    private final MediaEvents events = new MediaEvents();
    private final Attentions attentions = new Attentions();
    private boolean persistentPrevent;
    private boolean notReadyFirst;
    private long causeId;

    Medium(final DriveCore core, final DriveSettings settings, final TransitionTrace trace) {
        this.core = core;
        this.settings = settings;
        final BlockBackend backend = core.port().backend();
        this.machine = new MediaMachine(
                core.options().id(), backend.context().clock(), core.options().deviations(), trace);
    }

    /** Attaches to the backend, and begins with the medium that is there. A control thread. */
    void attach() throws BlockException {
        final BlockBackend backend = core.port().backend();
        backend.attachDevice(
                this,
                Permission.CONSISTENT_READ.bit(),
                Permission.set(Permission.CONSISTENT_READ, Permission.WRITE_UNCHANGED, Permission.RESIZE));
        backend.context().run(() -> begin(backend.medium() != null));
    }

    private void begin(final boolean present) {
        synchronized (core.socket().lock()) {
            machine.begin(present);
        }
    }

    MediaState state() {
        return machine.state();
    }

    MediaEvents events() {
        return events;
    }

    Attentions attentions() {
        return attentions;
    }

    boolean persistentPrevent() {
        return persistentPrevent;
    }

    void persistentPrevent(final boolean on) {
        persistentPrevent = on;
    }

    /** Something new begins: what it brings about has a cause of its own. */
    void beginCause() {
        causeId++;
    }

    /** True once for each change of medium, where the profile puts a NOT READY before the attention. */
    boolean passesThroughNotReady() {
        final boolean first = notReadyFirst;
        notReadyFirst = false;
        return first;
    }

    /** True while QEMU's way keeps the attention back: it needs the medium to be there. */
    boolean changeIsPending() {
        return core.options().deviates(Deviation.NOT_READY_BEFORE_ATTENTION);
    }

    /** A reset; QEMU's forgets what the guest has not been told yet. */
    void reset() {
        if (core.options().deviates(Deviation.NO_ATTENTION_AFTER_RESET)) {
            attentions.clear();
            notReadyFirst = false;
        }
        persistentPrevent = false;
        apply(MediaInput.RESET);
    }

    /** Something happens to tray, lock or medium. Under the lock. */
    Set<MediaEffect> apply(final MediaInput input) {
        final boolean wasOpen = state().open();
        final Set<MediaEffect> effects = machine.apply(input, causeId);
        for (final MediaEffect effect : effects) {
            bringAbout(effect);
        }
        if (state().open() && !wasOpen) {
            events.remove(Event.EJECT_REQUEST);
        }
        if (persistentPrevent && wasOpen && state().ready()) {
            machine.apply(MediaInput.GUEST_PREVENT, causeId);
        }
        return effects;
    }

    private void bringAbout(final MediaEffect effect) {
        switch (effect) {
            case TELL_HOST -> core.port().backend().trayMoved(state().open());
            case ATTENTION_RESET -> attentions.add(Sense.RESET);
            case ATTENTION_CHANGED -> {
                attentions.add(Sense.MEDIUM_CHANGED);
                notReadyFirst = core.options().deviates(Deviation.NOT_READY_BEFORE_ATTENTION);
                settings.mediumChanged = true;
            }
            case EVENT_EJECT_REQUEST -> {
                events.add(Event.EJECT_REQUEST);
                settings.ejectRequested = true;
            }
            case EVENT_NEW_MEDIUM -> {
                events.remove(Event.EJECT_REQUEST);
                events.add(Event.NEW_MEDIUM);
            }
            case EVENT_REMOVAL -> {
                events.remove(Event.NEW_MEDIUM);
                events.add(Event.REMOVAL);
            }
            case EMPTY_CLOSE, REFUSE_LOCKED -> {}
        }
    }

    private void applyFromOutside(final MediaInput input) {
        synchronized (core.socket().lock()) {
            beginCause();
            apply(input);
        }
    }

    // ---- the backend's side ----

    @Override
    public String id() {
        return core.options().id();
    }

    @Override
    public boolean removable() {
        return true;
    }

    @Override
    public boolean hasTray() {
        return true;
    }

    @Override
    public boolean trayOpen() {
        return state().open();
    }

    @Override
    public boolean mediumLocked() {
        return state().locked();
    }

    @Override
    public void mediumChanged(final boolean loaded) {
        applyFromOutside(loaded ? MediaInput.MEDIUM_IN : MediaInput.MEDIUM_OUT);
    }

    @Override
    public void ejectRequested(final boolean force) {
        applyFromOutside(force ? MediaInput.HOST_UNLOCK : MediaInput.HOST_ASK);
    }

    @Override
    public void moveTray(final boolean open) {
        synchronized (core.socket().lock()) {
            beginCause();
            final boolean wasOpen = state().open();
            apply(open ? MediaInput.HOST_OPEN : MediaInput.HOST_CLOSE);
            if (wasOpen != open && core.options().deviates(Deviation.INTERRUPT_ON_TRAY_MOVE)) {
                core.raise();
            }
        }
    }

    @Override
    public void resized() {
        synchronized (core.socket().lock()) {
            if (state().ready() && !core.options().deviates(Deviation.QEMU_COMMANDS_ONLY)) {
                attentions.add(Sense.CAPACITY_CHANGED);
            }
        }
    }

    @Override
    public void runStateChanged(final boolean running) {
        core.runStateChanged(running);
    }

    @Override
    public void drainBegin() {
        core.drainBegin();
    }

    @Override
    public void drainEnd() {
        core.drainEnd();
    }
}
