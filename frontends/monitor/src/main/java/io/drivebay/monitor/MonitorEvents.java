package io.drivebay.monitor;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockEvents;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.RunState;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.policy.IoError;
import io.drivebay.monitor.protocol.EventStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** What a layer tells of, as QMP's events. Whatever thread the layer has; does not block. */
final class MonitorEvents implements BlockEvents, RunState.Listener {
    /** All events that a monitor sends, with their data. */
    static final Map<String, String> MEMBERS = Map.of(
            "BLOCK_EXPORT_DELETED", "id:str",
            "BLOCK_IO_ERROR", "device:str node-name:str? reason:str operation:str action:str nospace:bool",
            "DEVICE_DELETED", "device:str? path:str",
            "DEVICE_TRAY_MOVED", "device:str id:str tray-open:bool",
            "RESET", "guest:bool reason:str",
            "RESUME", "",
            "SHUTDOWN", "guest:bool reason:str",
            "STOP", "");

    private final BlockLayer layer;
    private final EventStream stream;

    MonitorEvents(final BlockLayer layer, final EventStream stream) {
        this.layer = layer;
        this.stream = stream;
    }

    void begin() {
        layer.addListener(this);
        layer.runState().addListener(this);
    }

    void end() {
        layer.removeListener(this);
        layer.runState().removeListener(this);
    }

    private static String nameOf(final BlockBackend backend) {
        final String name = backend.name();
        return name == null ? "" : name;
    }

    @Override
    public void trayMoved(final BlockBackend backend, final String deviceId, final boolean open) {
        final Map<String, Object> data = new LinkedHashMap<>();
        data.put("device", nameOf(backend));
        data.put("id", deviceId);
        data.put("tray-open", open);
        stream.send("DEVICE_TRAY_MOVED", data);
    }

    /** A guest can bring about as many errors as it likes, as long as they do not stop it. */
    @Override
    public void ioError(final BlockBackend backend, final IoError error) {
        final Map<String, Object> data = new LinkedHashMap<>();
        data.put("device", nameOf(backend));
        if (!error.nodeName().isEmpty()) {
            data.put("node-name", error.nodeName());
        }
        data.put("reason", error.reason());
        data.put("operation", error.read() ? "read" : "write");
        data.put("action", error.action().name().toLowerCase(Locale.ROOT));
        data.put("nospace", error.noSpace());
        stream.send("BLOCK_IO_ERROR", data, error.action() != ErrorAction.STOP);
    }

    @Override
    public void runStateChanged(final RunState.Status before, final RunState.Status now) {
        stream.send(now == RunState.Status.RUNNING ? "RESUME" : "STOP", Map.of());
    }
}
