package io.drivebay.monitor.command;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.DriveAddress;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.monitor.protocol.Arguments;
import io.drivebay.monitor.protocol.QmpException;
import org.jspecify.annotations.Nullable;

/** Finds what commands name, and says in QEMU's words that it is not there. */
final class Lookup {
    private static final String PERIPHERAL = "/machine/peripheral/";
    private static final String VIRTIO = "/virtio-backend";

    private Lookup() {}

    /** The drive that a command names by 'device' (a backend) or 'id' (a device). */
    static DriveAddress drive(final BlockLayer layer, final Arguments arguments) throws QmpException {
        final String device = arguments.optionalText("device");
        final String id = arguments.optionalText("id");
        if ((device == null) == (id == null)) {
            throw new QmpException("Need exactly one of 'device' and 'id'");
        }
        final DriveAddress address = id == null && device != null ? DriveAddress.ofBackend(device) : ofDevice(id);
        backend(layer, address);
        return address;
    }

    /** Of a device by its id, or by the path that QEMU gives it. */
    static DriveAddress ofDevice(final @Nullable String id) {
        String plain = String.valueOf(id);
        if (plain.startsWith(PERIPHERAL)) {
            plain = plain.substring(PERIPHERAL.length());
            plain = plain.endsWith(VIRTIO) ? plain.substring(0, plain.length() - VIRTIO.length()) : plain;
        }
        return DriveAddress.ofDevice(plain);
    }

    static BlockBackend backend(final BlockLayer layer, final DriveAddress address) throws QmpException {
        try {
            return address.find(layer);
        } catch (final BlockException e) {
            throw QmpException.deviceNotFound(address.toString());
        }
    }

    /** The node that a command names by 'node-name', or the medium of the backend that it names by 'device'. */
    static BlockNode node(final BlockLayer layer, final Arguments arguments) throws QmpException {
        final String device = arguments.optionalText("device");
        final String nodeName = arguments.optionalText("node-name");
        if (device != null && nodeName == null) {
            final BlockBackend backend = backend(layer, DriveAddress.ofBackend(device));
            final BlockNode medium = medium(backend);
            if (medium == null) {
                throw new QmpException("Device '" + device + "' has no medium");
            }
            return medium;
        }
        final BlockNode node = nodeName == null || device != null ? null : layer.node(nodeName);
        if (node == null) {
            throw new QmpException("Cannot find device='" + (device == null ? "" : device) + "' nor node-name='"
                    + (nodeName == null ? "" : nodeName) + "'");
        }
        return node;
    }

    static @Nullable BlockNode medium(final BlockBackend backend) {
        return backend.context().<@Nullable BlockNode>call(backend::medium);
    }
}
