package io.drivebay.backend;

import io.drivebay.backend.policy.IoError;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Whoever is told of what happens to a layer's devices. Any thread. */
final class EventListeners implements BlockEvents {
    private final List<BlockEvents> listeners = new CopyOnWriteArrayList<>();

    void add(final BlockEvents listener) {
        listeners.add(listener);
    }

    void remove(final BlockEvents listener) {
        listeners.remove(listener);
    }

    @Override
    public void trayMoved(final BlockBackend backend, final String deviceId, final boolean open) {
        listeners.forEach(listener -> listener.trayMoved(backend, deviceId, open));
    }

    @Override
    public void ioError(final BlockBackend backend, final IoError error) {
        listeners.forEach(listener -> listener.ioError(backend, error));
    }
}
