package io.drivebay.ide.kit;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import java.util.Map;

/** A host with a stepped context and one backend. */
public final class Host {
    public final VirtualClock clock = new VirtualClock();
    public final IoContext context = IoContext.stepped("test", clock);
    public final BlockLayer layer = new BlockLayer();
    public final BlockBackend backend;

    public Host() {
        this(BlockLayer.DEFAULT_RING_CAPACITY);
    }

    public Host(final int ringCapacity) {
        layer.addContext(context);
        backend = layer.createBackend(context, ringCapacity);
    }

    /** A host whose backend holds a disk. */
    public static Host with(final FaultyDisk disk) {
        final Host host = new Host();
        host.insert(disk);
        return host;
    }

    public BlockNode node(final FaultyDisk disk, final NodeOptions options) {
        try {
            return layer.addNode(null, context, options, disk, Map.of());
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
    }

    public BlockNode insert(final FaultyDisk disk) {
        final BlockNode node = node(disk, NodeOptions.DEFAULTS.withDiscard(true));
        try {
            layer.insertMedium(backend, node);
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
        return node;
    }

    public void remove() {
        try {
            layer.removeMedium(backend);
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
    }

    public void change(final FaultyDisk disk) {
        try {
            layer.changeMedium(backend, node(disk, NodeOptions.DEFAULTS));
        } catch (final BlockException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets everything happen that can happen now. */
    public void run() {
        context.runUntilIdle();
    }
}
