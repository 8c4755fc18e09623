package io.drivebay.monitor.command;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.DriveAddress;
import io.drivebay.backend.MediaControl;
import io.drivebay.backend.MediaControl.ReadOnlyMode;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.monitor.protocol.Arguments;
import io.drivebay.monitor.protocol.CommandTable;
import io.drivebay.monitor.protocol.Handler;
import io.drivebay.monitor.protocol.QmpException;
import java.util.Map;

/** Trays and media. Events reach the clients before the replies do. */
public final class MediaCommands {
    private static final String DRIVE = "device:str? id:str? ";

    private final BlockLayer layer;
    private final MediaControl media;

    public MediaCommands(final BlockLayer layer, final MediaControl media) {
        this.layer = layer;
        this.media = media;
    }

    public void addTo(final CommandTable table) {
        table.add("eject", DRIVE + "force:bool?", this::eject);
        table.add("blockdev-open-tray", DRIVE + "force:bool?", this::openTray);
        table.add("blockdev-close-tray", "device:str? id:str?", this::closeTray);
        table.add("blockdev-remove-medium", "id:str", this::removeMedium);
        table.add("blockdev-insert-medium", "id:str node-name:str", this::insertMedium);
        table.add(
                "blockdev-change-medium",
                DRIVE + "filename:str format:str? force:bool? read-only-mode:str?",
                this::changeMedium);
    }

    private Object eject(final Arguments arguments) throws BlockException, QmpException {
        media.eject(Lookup.drive(layer, arguments), arguments.flag("force", false));
        return Handler.NOTHING;
    }

    private Object openTray(final Arguments arguments) throws BlockException, QmpException {
        media.openTray(Lookup.drive(layer, arguments), arguments.flag("force", false));
        return Handler.NOTHING;
    }

    private Object closeTray(final Arguments arguments) throws BlockException, QmpException {
        media.closeTray(Lookup.drive(layer, arguments));
        return Handler.NOTHING;
    }

    private Object removeMedium(final Arguments arguments) throws BlockException, QmpException {
        media.removeMedium(device(arguments));
        return Handler.NOTHING;
    }

    private Object insertMedium(final Arguments arguments) throws BlockException, QmpException {
        final DriveAddress drive = device(arguments);
        final String nodeName = arguments.text("node-name");
        if (layer.node(nodeName) == null) {
            throw new QmpException("Node '" + nodeName + "' not found");
        }
        media.insertMedium(drive, nodeName);
        return Handler.NOTHING;
    }

    private DriveAddress device(final Arguments arguments) throws QmpException {
        final DriveAddress drive = Lookup.ofDevice(arguments.text("id"));
        Lookup.backend(layer, drive);
        return drive;
    }

    private Object changeMedium(final Arguments arguments) throws BlockException, QmpException {
        final DriveAddress drive = Lookup.drive(layer, arguments);
        final ReadOnlyMode mode = arguments.choice("read-only-mode", ReadOnlyMode.class, ReadOnlyMode.RETAIN);
        final Map<String, Object> medium =
                Filenames.options(arguments.text("filename"), arguments.optionalText("format"));
        media.changeMedium(drive, medium, mode, arguments.flag("force", false));
        return Handler.NOTHING;
    }
}
