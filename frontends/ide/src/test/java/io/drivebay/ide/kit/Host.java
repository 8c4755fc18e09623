package io.drivebay.ide.kit;

import io.drivebay.backend.BlockBackend;
import io.drivebay.backend.BlockEvents;
import io.drivebay.backend.BlockLayer;
import io.drivebay.backend.context.IoContext;
import io.drivebay.backend.context.VirtualClock;
import io.drivebay.backend.graph.BlockException;
import io.drivebay.backend.graph.BlockNode;
import io.drivebay.backend.graph.NodeOptions;
import io.drivebay.backend.policy.ErrorAction;
import io.drivebay.backend.policy.ErrorPolicy;
import io.drivebay.backend.policy.ErrorPolicy.OnError;
import io.drivebay.backend.policy.IoError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A host with a stepped context and one backend, where the machine can be stopped by errors and go on again. */
public final class Host {
    public final VirtualClock clock = new VirtualClock();
    public final IoContext context = IoContext.stepped("test", clock);
    public final BlockLayer layer = new BlockLayer();
    public final BlockBackend backend;
    public final List<ErrorAction> errors = new ArrayList<>();

    /** Errors and run states in the order in which a monitor hears of them. */
    public final List<String> events = new ArrayList<>();

    public Host() {
        this(BlockLayer.DEFAULT_RING_CAPACITY);
    }

    public Host(final int ringCapacity) {
        layer.addContext(context);
        backend = layer.createBackend(context, ringCapacity);
        layer.runState().stoppable(true);
        layer.runState().addListener((before, now) -> events.add(now.name()));
        layer.addListener(new BlockEvents() {
            @Override
            public void trayMoved(final BlockBackend moved, final String deviceId, final boolean open) {}

            @Override
            public void ioError(final BlockBackend failed, final IoError error) {
                errors.add(error.action());
                events.add((error.read() ? "read error " : "write error ") + error.action());
            }
        });
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

    /** Sets rerror and werror. */
    public Host policy(final OnError read, final OnError write) {
        backend.errors().policy(new ErrorPolicy(read, write));
        return this;
    }

    /** The machine goes on. */
    public void resume() {
        layer.runState().resume();
        run();
    }

    /** Lets everything happen that can happen now. */
    public void run() {
        context.runUntilIdle();
    }
}
