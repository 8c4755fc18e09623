package io.drivebay.cli.daemon;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.exports.control.BlockExports;
import io.drivebay.monitor.Monitor;
import io.drivebay.monitor.protocol.Arguments;
import io.drivebay.monitor.protocol.CommandTable;
import io.drivebay.monitor.protocol.Handler;
import io.drivebay.monitor.protocol.QmpException;
import java.util.HashMap;
import java.util.Map;

/** QMP's commands for exports, the NBD server and objects. A monitor's client's thread. */
final class ServiceCommands {
    private final BlockLayer layer;
    private final BlockExports exports;

    private enum RemoveMode {
        SAFE,
        HARD
    }

    ServiceCommands(final BlockLayer layer, final BlockExports exports) {
        this.layer = layer;
        this.exports = exports;
    }

    /** Adds the commands, and the event of exports that have ended. */
    void addTo(final Monitor monitor) {
        exports.onRemoved(id -> monitor.event("BLOCK_EXPORT_DELETED", Map.of("id", id)));
        final CommandTable table = monitor.commands();
        table.add("block-export-add", "type:str id:str node-name:str ...", this::addExport);
        table.add("block-export-del", "id:str mode:str?", this::removeExport);
        table.add("query-block-exports", "", arguments -> exports.describe());
        table.add("nbd-server-start", "addr:object ...", this::startNbdServer);
        table.add("nbd-server-stop", "", arguments -> stopNbdServer());
        table.add("object-add", "qom-type:str id:str ...", this::addObject);
        table.add("object-del", "id:str", this::deleteObject);
    }

    private Object addExport(final Arguments arguments) throws BlockException, QmpException {
        exports.add(arguments.all());
        return Handler.NOTHING;
    }

    private Object removeExport(final Arguments arguments) throws BlockException, QmpException {
        final RemoveMode mode = arguments.choice("mode", RemoveMode.class, RemoveMode.SAFE);
        exports.remove(arguments.text("id"), mode == RemoveMode.HARD);
        return Handler.NOTHING;
    }

    /** The address is QAPI's SocketAddressLegacy here, with its members one level deeper. */
    private Object startNbdServer(final Arguments arguments) throws BlockException, QmpException {
        final Map<String, Object> options = new HashMap<>(arguments.all());
        if (options.get("addr") instanceof Map<?, ?> legacy && legacy.get("data") instanceof Map<?, ?> data) {
            final Map<String, Object> address = new HashMap<>();
            data.forEach((key, value) -> address.put(String.valueOf(key), value));
            legacy.forEach((key, value) -> address.putIfAbsent(String.valueOf(key), value));
            address.remove("data");
            options.put("addr", address);
        }
        exports.startNbdServer(options);
        return Handler.NOTHING;
    }

    private Object stopNbdServer() throws BlockException {
        exports.stopNbdServer();
        return Handler.NOTHING;
    }

    private Object addObject(final Arguments arguments) throws BlockException, QmpException {
        layer.objects().add(arguments.all());
        return Handler.NOTHING;
    }

    private Object deleteObject(final Arguments arguments) throws BlockException {
        layer.objects().delete(arguments.text("id"));
        return Handler.NOTHING;
    }
}
