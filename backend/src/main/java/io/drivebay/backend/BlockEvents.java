package io.drivebay.backend;

/** What happens to devices, for a monitor to pass on. */
@FunctionalInterface
public interface BlockEvents {
    /**
     * A tray has moved: QMP's DEVICE_TRAY_MOVED. Called before the command that caused it returns; a control thread, or
     * the device's own when its guest moved the tray. Must not block.
     */
    void trayMoved(BlockBackend backend, String deviceId, boolean open);
}
