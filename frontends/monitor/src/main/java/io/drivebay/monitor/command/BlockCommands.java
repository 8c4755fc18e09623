package io.drivebay.monitor.command;

import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.Blockdevs;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.monitor.protocol.Arguments;
import io.drivebay.monitor.protocol.CommandTable;
import io.drivebay.monitor.protocol.Handler;
import io.drivebay.monitor.protocol.QmpException;

/** Nodes that are made, deleted and resized. */
public final class BlockCommands {
    private final BlockLayer layer;
    private final Blockdevs blockdevs;
    private final IoContext context;

    /** Commands that put their nodes into a context. */
    public BlockCommands(final BlockLayer layer, final Blockdevs blockdevs, final IoContext context) {
        this.layer = layer;
        this.blockdevs = blockdevs;
        this.context = context;
    }

    public void addTo(final CommandTable table) {
        table.add("blockdev-add", "driver:str node-name:str? ...", this::add);
        table.add("blockdev-del", "node-name:str", this::delete);
        table.add("block_resize", "device:str? node-name:str? size:int", this::resize);
    }

    private Object add(final Arguments arguments) throws BlockException, QmpException {
        if (!arguments.has("node-name")) {
            throw new QmpException("'node-name' must be specified for the root node");
        }
        blockdevs.add(context, arguments.all());
        return Handler.NOTHING;
    }

    private Object delete(final Arguments arguments) throws BlockException, QmpException {
        final String name = arguments.text("node-name");
        if (layer.node(name) == null) {
            throw new QmpException("Failed to find node with node-name='" + name + "'");
        }
        layer.deleteNode(name);
        return Handler.NOTHING;
    }

    private Object resize(final Arguments arguments) throws BlockException, QmpException {
        final BlockNode node = Lookup.node(layer, arguments);
        final long size = arguments.number("size", 0);
        if (size < 0) {
            throw new QmpException("Parameter 'size' expects a >0 size");
        }
        layer.resize(node, size);
        return Handler.NOTHING;
    }
}
