package io.drivebay.backend;

import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * Which drive a command is for: by the name of its backend or by the id of its device, exactly one of them.
 *
 * @param backendName a backend's name; null when the device's id is given
 * @param deviceId the id of an attached device; null when the backend's name is given
 */
public record DriveAddress(
        @Nullable String backendName, @Nullable String deviceId) {
    public DriveAddress {
        if ((backendName == null) == (deviceId == null)) {
            throw new IllegalArgumentException("a drive has either a backend's name or a device's id");
        }
    }

    public static DriveAddress ofBackend(final String name) {
        return new DriveAddress(name, null);
    }

    public static DriveAddress ofDevice(final String id) {
        return new DriveAddress(null, id);
    }

    /**
     * The backend at this address.
     *
     * @throws BlockException NOT_FOUND when there is none
     */
    public BlockBackend find(final BlockLayer layer) throws BlockException {
        final BlockBackend found = backendName != null
                ? layer.backend(backendName)
                : deviceId != null ? layer.backendOfDevice(deviceId) : null;
        if (found == null) {
            throw new BlockException(Kind.NOT_FOUND, "there is no device '" + this + "'");
        }
        return found;
    }

    @Override
    public String toString() {
        return String.valueOf(backendName != null ? backendName : deviceId);
    }
}
