package io.drivebay.backend;

import io.drivebay.backend.policy.IoError;

/** What happens to devices, for a monitor to pass on. */
@FunctionalInterface
public interface BlockEvents {
    /**
     * A tray has moved: QMP's DEVICE_TRAY_MOVED. Called before the command that caused it returns; a control thread, or
     * the device's own when its guest moved the tray. Must not block.
     */
    void trayMoved(BlockBackend backend, String deviceId, boolean open);

    /** The storage has failed, and the device has acted on it: QMP's BLOCK_IO_ERROR. The context; must not block. */
    default void ioError(final BlockBackend backend, final IoError error) {}
}
